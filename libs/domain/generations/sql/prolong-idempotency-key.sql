-- The call that has the key still runs.
-- $1, $2  scope and key
-- $3      until when nobody else may take it
UPDATE idempotency_key SET expires_at = $3 WHERE scope = $1 AND key = $2 AND answer IS NULL
