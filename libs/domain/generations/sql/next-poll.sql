-- When the next look at a credential's work is due; null where it has none.
-- $1  credential
SELECT min(poll_at) AS next_at
FROM durable_generation
WHERE credential_id = $1 AND lease_id IS NOT NULL AND state = 'submitted' AND cancel_requested_at IS NULL
