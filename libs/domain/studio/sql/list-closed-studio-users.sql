-- Accounts whose videos are still to be removed, the oldest first.
-- $1  how many
SELECT id FROM studio_user WHERE closed_at IS NOT NULL ORDER BY closed_at LIMIT $1
