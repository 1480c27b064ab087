-- The oldest first.
-- $1      owner
-- $2      now
-- $3      purpose, or null for all
-- $4, $5  creation time and id of the one to go on after; null for the oldest
-- $6      how many
SELECT id, owner_key_id, purpose, filename, media_key, media_type, bytes, created_at, expires_at
FROM client_file
WHERE
  owner_key_id = $1
  AND (expires_at IS NULL OR expires_at > $2)
  AND ($3::text IS NULL OR purpose = $3)
  AND ($4::timestamptz IS NULL OR (created_at, id) > ($4, $5))
ORDER BY created_at ASC, id ASC
LIMIT $6
