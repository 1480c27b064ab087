-- With what is on its way to it, and its history.
-- $1 id, $2 owner or null for an operator
WITH deleted AS (
  DELETE FROM webhook_endpoint WHERE id = $1 AND ($2::text IS NULL OR owner_key_id = $2) RETURNING id
), deliveries AS (
  DELETE FROM webhook_delivery WHERE endpoint_id IN (SELECT id FROM deleted) RETURNING event_id, endpoint_id
), attempts AS (
  DELETE FROM webhook_attempt WHERE (event_id, endpoint_id) IN (SELECT event_id, endpoint_id FROM deliveries)
)
SELECT id FROM deleted
