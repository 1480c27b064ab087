-- $1 ids
SELECT credential_id AS id, images, videos, errors, day::text AS day, images_today AS "imagesToday", videos_today AS "videosToday",
       errors_today AS "errorsToday", consecutive_errors AS "consecutiveErrors", last_error_at AS "lastErrorAt",
       last_success_at AS "lastSuccessAt"
FROM credential_tally
WHERE credential_id = ANY ($1::text[])
