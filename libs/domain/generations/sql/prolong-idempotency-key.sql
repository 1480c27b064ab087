-- The call that has the key still runs.
-- $1, $2  scope and key
-- $3      who has it: a call that was paused for so long that another took its key changes nothing
-- $4      for how many milliseconds more nobody else may take it
UPDATE idempotency_key SET expires_at = now() + $4 * interval '1 millisecond'
WHERE scope = $1 AND key = $2 AND holder = $3 AND answer IS NULL
