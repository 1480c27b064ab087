-- $1  id
SELECT
  id, email, username, created_at, updated_at, simultaneous_videos, daily_videos, token_version,
  disabled_at IS NOT NULL AS is_disabled
FROM studio_user WHERE id = $1 AND closed_at IS NULL
