-- Counts what has ended since the last look: what was made, and what the upstream gave up after it had taken it on. One
-- process at a time: the mark is held until this ends.
-- $1 until when, $2 codes of the errors that speak against a credential
WITH mark AS (
  UPDATE tally_mark AS mark SET until = $1
  FROM (SELECT until FROM tally_mark WHERE name = 'durable' FOR UPDATE) AS before
  WHERE mark.name = 'durable' AND before.until < $1
  RETURNING before.until AS since
), ended AS (
  SELECT credential_id, kind, state, finished_at,
         state = 'failed' AND operation IS NOT NULL AND error::json ->> 'code' = ANY ($2::text[]) AS is_error
  FROM durable_generation, mark
  WHERE finished_at > mark.since AND finished_at <= $1 AND credential_id IS NOT NULL
), sums AS (
  SELECT credential_id,
         count(*) FILTER (WHERE state = 'succeeded' AND kind = 'image') AS images,
         count(*) FILTER (WHERE state = 'succeeded' AND kind = 'video') AS videos,
         count(*) FILTER (WHERE is_error) AS errors,
         max(finished_at) FILTER (WHERE state = 'succeeded') AS last_success_at,
         max(finished_at) FILTER (WHERE is_error) AS last_error_at
  FROM ended
  WHERE EXISTS (SELECT FROM credential WHERE credential.id = ended.credential_id)
  GROUP BY 1
), given AS (
  SELECT *, (SELECT count(*) FROM ended
             WHERE ended.credential_id = sums.credential_id AND is_error
               AND finished_at > COALESCE(sums.last_success_at, '-infinity')) AS consecutive
  FROM sums WHERE errors > 0 OR last_success_at IS NOT NULL
)
INSERT INTO credential_tally AS tally (
  credential_id, images, videos, errors, day, images_today, videos_today, errors_today, consecutive_errors, last_error_at,
  last_success_at
)
SELECT credential_id, images, videos, errors, ($1::timestamptz AT TIME ZONE 'UTC')::date, images, videos, errors, consecutive,
       last_error_at, last_success_at
FROM given
ORDER BY credential_id
ON CONFLICT (credential_id) DO UPDATE SET
  images = tally.images + EXCLUDED.images,
  videos = tally.videos + EXCLUDED.videos,
  errors = tally.errors + EXCLUDED.errors,
  day = EXCLUDED.day,
  images_today = CASE WHEN tally.day = EXCLUDED.day THEN tally.images_today ELSE 0 END + EXCLUDED.images_today,
  videos_today = CASE WHEN tally.day = EXCLUDED.day THEN tally.videos_today ELSE 0 END + EXCLUDED.videos_today,
  errors_today = CASE WHEN tally.day = EXCLUDED.day THEN tally.errors_today ELSE 0 END + EXCLUDED.errors_today,
  -- Errors that came after the success stand.
  consecutive_errors = EXCLUDED.consecutive_errors + CASE
    WHEN EXCLUDED.last_success_at >= COALESCE(tally.last_error_at, '-infinity') THEN 0 ELSE tally.consecutive_errors END,
  last_error_at = GREATEST(tally.last_error_at, EXCLUDED.last_error_at),
  last_success_at = GREATEST(tally.last_success_at, EXCLUDED.last_success_at)
RETURNING credential_id AS id, consecutive_errors AS "consecutiveErrors", last_error_at > last_success_at IS NOT FALSE AS "hasFailed"
