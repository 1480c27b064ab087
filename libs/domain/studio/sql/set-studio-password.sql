-- What was shown as a token until now opens nothing more.
-- $1  id
-- $2  hash of the password
-- $3  now
UPDATE studio_user
SET password_hash = $2, token_version = token_version + 1, updated_at = $3
WHERE id = $1 AND closed_at IS NULL
RETURNING token_version
