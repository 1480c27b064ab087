-- What runs at upstreams under a credential and is due for a look in a time, the longest waiting first.
-- $1  credential
-- $2  due after
-- $3  due until
-- $4  how many
SELECT id, kind, attempt, base_url, operation, progress, submitted_at, deadline_at, last_sequence, poll_at, upstream_model, lease_id
FROM durable_generation
WHERE
  credential_id = $1 AND lease_id IS NOT NULL AND state = 'submitted' AND cancel_requested_at IS NULL AND poll_at > $2
  AND poll_at <= $3
ORDER BY poll_at
LIMIT $4
