INSERT INTO conversation_turn (owner_key_id, conversation, messages, bytes, created_at) VALUES ($1, $2, $3, $4, $5)
