-- The newest first; who closed their account is none of them.
-- $1  how many
-- $2  after this one, or null
-- $3  email, normalised, or null
SELECT
  id, email, username, created_at, updated_at, simultaneous_videos, daily_videos, token_version,
  disabled_at IS NOT NULL AS is_disabled
FROM studio_user
WHERE
  closed_at IS NULL
  AND ($2::text IS NULL OR (created_at, id) < (SELECT created_at, id FROM studio_user WHERE id = $2))
  AND ($3::text IS NULL OR email = $3)
ORDER BY created_at DESC, id DESC
LIMIT $1
