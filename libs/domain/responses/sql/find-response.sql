-- $1 id, $2 owner
SELECT id, owner_key_id, created_at, previous_response_id, frame, input, members, output
FROM response
WHERE id = $1 AND owner_key_id = $2
