-- All up to one, or all.
DELETE FROM conversation_turn WHERE owner_key_id = $1 AND conversation = $2 AND sequence <= COALESCE($3, 9223372036854775807)
