-- An event that only tells that telling works, to one endpoint.
-- $1 event's id, $2 owner, $3 its object's id, $4 endpoint, $5 now
WITH event AS (
  INSERT INTO webhook_event (id, owner_key_id, type, object_id, created_at) VALUES ($1, $2, 'webhook.test', $3, $5)
)
INSERT INTO webhook_delivery (endpoint_id, event_id, next_at) VALUES ($4, $1, $5)
