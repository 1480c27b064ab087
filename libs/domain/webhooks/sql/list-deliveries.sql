-- The newest first.
-- $1 endpoint, $2 event to go on after or null, $3 state or null for all, $4 how many
SELECT
  delivery.event_id, event.type, event.object_id, event.created_at, delivery.url, delivery.state, delivery.attempt,
  delivery.next_at, delivery.last_status, delivery.last_error, delivery.finished_at
FROM webhook_delivery AS delivery
JOIN webhook_event AS event ON event.id = delivery.event_id
WHERE delivery.endpoint_id = $1 AND ($2::text IS NULL OR delivery.event_id < $2) AND ($3::text IS NULL OR delivery.state = $3)
ORDER BY delivery.event_id DESC
LIMIT $4
