INSERT INTO tool_call_signature (owner_key_id, tool_call_id, upstream, fields, created_at)
SELECT $1, id, $2, fields, $5 FROM unnest($3::text[], $4::text[]) AS signed (id, fields)
ON CONFLICT (owner_key_id, tool_call_id) DO UPDATE
SET upstream = excluded.upstream, fields = excluded.fields, created_at = excluded.created_at
