-- The newest first.
-- $1  owner, or null for an operator, who sees all
-- $2  id to go on after, or null
-- $3  how many
SELECT
  id, owner_key_id, url, events, description, enabled, disabled_reason, allow_private_network, secret, previous_secret,
  previous_expires_at, failing_since, created_at
FROM webhook_endpoint
WHERE ($1::text IS NULL OR owner_key_id = $1) AND ($2::text IS NULL OR id < $2)
ORDER BY id DESC
LIMIT $3
