-- Answers no row where the address is taken.
-- $1  id
-- $2  email, normalised
-- $3  username, or null
-- $4  hash of the password
-- $5  now
-- $6  how many videos at a time, or null
-- $7  how many videos a day, or null
INSERT INTO studio_user (
  id, email, username, password_hash, created_at, updated_at, simultaneous_videos, daily_videos
)
VALUES ($1, $2, $3, $4, $5, $5, $6, $7)
ON CONFLICT (email) DO NOTHING
RETURNING id
