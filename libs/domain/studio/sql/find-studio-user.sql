-- $1  id
SELECT id, email, username, created_at, updated_at FROM studio_user WHERE id = $1 AND closed_at IS NULL
