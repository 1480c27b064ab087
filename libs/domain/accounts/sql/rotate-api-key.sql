-- $1 id, $2 hash of the new key, $3 its last four, $4 until when the old one opens. An older one that still opened ends now.
UPDATE api_key
SET previous_hash = hash, previous_expires_at = $4, hash = $2, last_four = $3, updated_at = now()
WHERE id = $1
