DELETE FROM tool_call_signature WHERE created_at < $1
