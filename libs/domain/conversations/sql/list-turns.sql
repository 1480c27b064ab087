SELECT sequence, messages, bytes, created_at AS "createdAt" FROM conversation_turn
WHERE owner_key_id = $1 AND conversation = $2
ORDER BY sequence
