-- Opens no more, and holds nothing of its owner's. The address is free at once.
-- $1  id
-- $2  now
UPDATE studio_user
SET email = NULL, username = NULL, password_hash = '', updated_at = $2, closed_at = $2
WHERE id = $1 AND closed_at IS NULL
