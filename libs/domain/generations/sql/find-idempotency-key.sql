-- $1, $2  scope and key
SELECT fingerprint, generation_id, answer
FROM idempotency_key
WHERE scope = $1 AND key = $2 AND expires_at > now()
