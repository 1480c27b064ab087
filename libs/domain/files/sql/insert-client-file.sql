-- Answers no row where the owner has as much as one may have, and where the id is there already.
-- $1  id
-- $2  owner
-- $3  purpose
-- $4  filename
-- $5  media key
-- $6  media type
-- $7  bytes
-- $8  created at
-- $9  expires at, or null
-- $10 bytes that one owner may have
-- $11 files that one owner may have
INSERT INTO client_file (id, owner_key_id, purpose, filename, media_key, media_type, bytes, created_at, expires_at)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9
WHERE (
  SELECT coalesce(sum(bytes), 0) + $7::bigint <= $10::bigint AND count(*) < $11::bigint
  FROM client_file
  WHERE owner_key_id = $2
)
ON CONFLICT (id) DO NOTHING
RETURNING id
