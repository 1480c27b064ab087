-- $1 id, $2 id of the intent, $3 the secret that was refreshed, $4 the new one or null, $5 state, $6 reason, $7 next try.
-- An edit that came between wins: then only the intent goes.
UPDATE credential
SET counters = counters - 'refresh',
    secret = CASE WHEN secret = $3 AND $4::bytea IS NOT NULL THEN $4 ELSE secret END,
    state = CASE WHEN secret = $3 THEN $5 ELSE state END,
    reason = CASE WHEN secret = $3 THEN $6 ELSE reason END,
    next_try_at = CASE WHEN secret = $3 THEN $7::timestamptz ELSE next_try_at END
WHERE id = $1 AND counters -> 'refresh' ->> 'id' = $2
