-- $1 id, $2 owner
SELECT parts FROM response WHERE id = $1 AND owner_key_id = $2
