-- $1  email, normalised
SELECT id, email, username, created_at, updated_at, password_hash FROM studio_user WHERE email = $1
