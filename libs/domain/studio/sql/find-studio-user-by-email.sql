-- $1  email, normalised
SELECT
  id, email, username, created_at, updated_at, simultaneous_videos, daily_videos, token_version,
  disabled_at IS NOT NULL AS is_disabled, password_hash
FROM studio_user WHERE email = $1
