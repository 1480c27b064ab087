-- Only whole conversations: an old turn of one that goes on stays.
DELETE FROM conversation_turn AS old USING (
    SELECT owner_key_id, conversation FROM conversation_turn
    GROUP BY owner_key_id, conversation
    HAVING max(created_at) < $1
) AS idle
WHERE old.owner_key_id = idle.owner_key_id AND old.conversation = idle.conversation AND old.created_at < $1
