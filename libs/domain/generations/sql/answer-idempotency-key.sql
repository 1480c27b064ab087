-- Keeps the answer that later calls with the same key get.
-- $1, $2  scope and key
-- $3      the answer
-- $4      until when it is remembered
UPDATE idempotency_key SET answer = $3, expires_at = $4 WHERE scope = $1 AND key = $2
