-- $1  id
-- $2  owner, or null for an operator, who sees all
SELECT
  id, owner_key_id, url, events, description, enabled, disabled_reason, allow_private_network, secret, previous_secret,
  previous_expires_at, failing_since, created_at
FROM webhook_endpoint
WHERE id = $1 AND ($2::text IS NULL OR owner_key_id = $2)
