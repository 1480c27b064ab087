-- $1 id, $2 owner, $3 now
SELECT id, owner_key_id, purpose, filename, media_key, media_type, bytes, created_at, expires_at
FROM client_file
WHERE id = $1 AND owner_key_id = $2 AND (expires_at IS NULL OR expires_at > $3)
