-- Null leaves a field as it is. What waited for an endpoint that was off is due when it is switched on.
-- $1 id, $2 owner or null for an operator, $3 URL, $4 events, $5 description, $6 enabled, $7 allow_private_network, $8 now
WITH updated AS (
  UPDATE webhook_endpoint SET
    url = coalesce($3, url),
    events = coalesce($4, events),
    description = coalesce($5, description),
    enabled = coalesce($6, enabled),
    disabled_reason = CASE coalesce($6, enabled)
      WHEN true THEN NULL
      ELSE CASE WHEN enabled THEN 'switched_off' ELSE disabled_reason END
    END,
    failing_since = CASE WHEN $6 OR $3 <> url THEN NULL ELSE failing_since END,
    allow_private_network = coalesce($7, allow_private_network)
  WHERE id = $1 AND ($2::text IS NULL OR owner_key_id = $2)
  RETURNING id, enabled
), resumed AS (
  UPDATE webhook_delivery SET next_at = $8
  WHERE endpoint_id IN (SELECT id FROM updated WHERE enabled) AND state = 'pending' AND next_at IS NULL
)
SELECT id FROM updated
