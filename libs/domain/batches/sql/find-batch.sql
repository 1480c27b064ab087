-- $1 id, $2 owner
SELECT * FROM batch WHERE id = $1 AND owner_key_id = $2
