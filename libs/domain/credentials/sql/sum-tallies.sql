-- $1 now
SELECT upstream, sum(images)::bigint AS images, sum(videos)::bigint AS videos, sum(errors)::bigint AS errors,
       COALESCE(sum(images_today) FILTER (WHERE is_today), 0)::int AS "imagesToday",
       COALESCE(sum(videos_today) FILTER (WHERE is_today), 0)::int AS "videosToday",
       COALESCE(sum(errors_today) FILTER (WHERE is_today), 0)::int AS "errorsToday"
FROM (
  SELECT upstream, tally.*, day = ($1::timestamptz AT TIME ZONE 'UTC')::date AS is_today
  FROM credential_tally AS tally JOIN credential ON credential.id = tally.credential_id
) AS counted
GROUP BY upstream
