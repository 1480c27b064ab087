-- Keeps the answer that later calls with the same key get.
-- $1, $2  scope and key
-- $3      who has it: the answer of a call that lost its key is kept nowhere
-- $4      the answer
-- $5      for how many milliseconds it is remembered
UPDATE idempotency_key SET answer = $4, expires_at = now() + $5 * interval '1 millisecond'
WHERE scope = $1 AND key = $2 AND holder = $3
