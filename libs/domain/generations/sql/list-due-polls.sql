-- Credentials under which something runs, and nobody has looked at it in time.
-- $1  due until
SELECT upstream, credential_id
FROM durable_generation
WHERE lease_id IS NOT NULL AND state = 'submitted' AND poll_at <= $1
GROUP BY upstream, credential_id
