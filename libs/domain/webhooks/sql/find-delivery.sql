-- $1 endpoint, $2 event
SELECT
  delivery.event_id, event.type, event.object_id, event.created_at, delivery.url, delivery.state, delivery.attempt,
  delivery.next_at, delivery.last_status, delivery.last_error, delivery.finished_at
FROM webhook_delivery AS delivery
JOIN webhook_event AS event ON event.id = delivery.event_id
WHERE delivery.endpoint_id = $1 AND delivery.event_id = $2
