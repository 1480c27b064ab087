-- $1 id, $2 id of the intent, $3 the secret that was refreshed, $4 the new one or null, $5 state; null where the old one serves
-- still, $6 reason, $7 next try, $8 of one that serves still, what went wrong, as JSON, $9 now (ms).
-- An edit that came between wins: then only the intent goes.
UPDATE credential
SET counters = (counters - 'refresh' - 'refreshFailure')
      || CASE WHEN $8::jsonb IS NULL THEN '{}' ELSE jsonb_build_object('refreshFailure', $8::jsonb) END
      || CASE WHEN $4::bytea IS NULL THEN '{}' ELSE jsonb_build_object('refreshedAtMs', $9::float8) END,
    secret = CASE WHEN secret = $3 AND $4::bytea IS NOT NULL THEN $4 ELSE secret END,
    state = CASE WHEN secret = $3 AND $5::text IS NOT NULL THEN $5 ELSE state END,
    reason = CASE WHEN secret = $3 AND ($5::text IS NOT NULL OR state = 'ready') THEN $6 ELSE reason END,
    next_try_at = CASE WHEN secret = $3 AND $5::text IS NOT NULL THEN $7::timestamptz ELSE next_try_at END,
    epoch = epoch + CASE WHEN $8::jsonb IS NULL THEN 0 ELSE 1 END
WHERE id = $1 AND counters -> 'refresh' ->> 'id' = $2
