SELECT tool_call_id AS "toolCallId", fields FROM tool_call_signature
WHERE owner_key_id = $1 AND tool_call_id = ANY($2) AND upstream = ANY($3)
