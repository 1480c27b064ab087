-- $1 id, $2 owner
DELETE FROM client_file WHERE id = $1 AND owner_key_id = $2
