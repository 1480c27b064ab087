-- The newest first.
-- $1      owner
-- $2, $3  creation time and id of the one to go on after; null for the newest
-- $4      how many
SELECT *
FROM batch
WHERE owner_key_id = $1 AND ($2::timestamptz IS NULL OR (created_at, id) < ($2, $3))
ORDER BY created_at DESC, id DESC
LIMIT $4
