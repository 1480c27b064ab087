-- Without an operator's word. $1 id, $2 why, $3 when
UPDATE credential
SET enabled = false, reason = $2, counters = jsonb_set(counters, '{switchedOff}', to_jsonb($2::text)), updated_at = $3
WHERE id = $1 AND enabled
