-- Counts what happened to credentials within the last moments. Those that are gone are left out.
-- $1 ids, $2 errors of each, $3 errors since its last success, $4 whether there was a success, $5 when
INSERT INTO credential_tally AS tally
  (credential_id, errors, day, errors_today, consecutive_errors, last_error_at)
SELECT given.id, given.errors, ($5::timestamptz AT TIME ZONE 'UTC')::date, given.errors, given.consecutive,
       CASE WHEN given.errors > 0 THEN $5::timestamptz END
FROM unnest($1::text[], $2::int[], $3::int[], $4::boolean[]) AS given(id, errors, consecutive, worked)
JOIN credential ON credential.id = given.id
ORDER BY given.id
ON CONFLICT (credential_id) DO UPDATE SET
  errors = tally.errors + EXCLUDED.errors,
  day = EXCLUDED.day,
  images_today = CASE WHEN tally.day = EXCLUDED.day THEN tally.images_today ELSE 0 END,
  videos_today = CASE WHEN tally.day = EXCLUDED.day THEN tally.videos_today ELSE 0 END,
  errors_today = CASE WHEN tally.day = EXCLUDED.day THEN tally.errors_today ELSE 0 END + EXCLUDED.errors_today,
  consecutive_errors = EXCLUDED.consecutive_errors + CASE
    WHEN (SELECT worked FROM unnest($1::text[], $4::boolean[]) AS given(id, worked) WHERE id = tally.credential_id)
    THEN 0 ELSE tally.consecutive_errors END,
  last_error_at = COALESCE(EXCLUDED.last_error_at, tally.last_error_at)
RETURNING credential_id AS id, consecutive_errors AS "consecutiveErrors", EXISTS (
  SELECT FROM unnest($1::text[], $2::int[]) AS given(id, errors) WHERE id = credential_id AND errors > 0) AS "hasFailed"
