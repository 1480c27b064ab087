-- Answers no row where the address is taken.
-- $1  id
-- $2  email, normalised
-- $3  username, or null
-- $4  hash of the password
-- $5  now
INSERT INTO studio_user (id, email, username, password_hash, created_at, updated_at)
VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT (email) DO NOTHING
RETURNING id
