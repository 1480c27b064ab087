-- Takes what is due for a while; a deliverer that is lost meanwhile is replaced when that is over.
-- $1  now
-- $2  how many at most
-- $3  how many of one endpoint at most
-- $4  endpoints that this deliverer is busy enough with
-- $5  until when they are taken
-- What waits for an endpoint that was switched off is laid aside.
WITH first AS (
  SELECT endpoint_id, event_id, next_at
  FROM webhook_delivery
  WHERE next_at <= $1 AND endpoint_id <> ALL ($4::text[])
  ORDER BY next_at
  LIMIT 500
), placed AS (
  SELECT endpoint_id, event_id, row_number() OVER (PARTITION BY endpoint_id ORDER BY next_at) AS place FROM first
), due AS (
  SELECT delivery.endpoint_id, delivery.event_id
  FROM webhook_delivery AS delivery
  JOIN placed USING (endpoint_id, event_id)
  WHERE placed.place <= $3 AND delivery.next_at <= $1
  LIMIT $2
  FOR UPDATE OF delivery SKIP LOCKED
), claimed AS (
  UPDATE webhook_delivery AS delivery SET next_at = CASE WHEN endpoint.enabled THEN $5::timestamptz END
  FROM due
  LEFT JOIN webhook_endpoint AS endpoint ON endpoint.id = due.endpoint_id
  WHERE delivery.endpoint_id = due.endpoint_id AND delivery.event_id = due.event_id
  RETURNING
    delivery.endpoint_id, delivery.event_id, delivery.attempt, delivery.round_start,
    coalesce(delivery.url, endpoint.url) AS url, delivery.url IS NOT NULL AS is_of_request, endpoint.enabled,
    endpoint.allow_private_network, endpoint.secret, endpoint.previous_secret, endpoint.previous_expires_at
)
SELECT
  claimed.endpoint_id, claimed.event_id, claimed.attempt, claimed.round_start, claimed.url, claimed.is_of_request,
  claimed.allow_private_network, claimed.secret, claimed.previous_secret, claimed.previous_expires_at,
  event.type, event.object_id, event.created_at
FROM claimed
JOIN webhook_event AS event ON event.id = claimed.event_id
WHERE claimed.enabled AND claimed.url IS NOT NULL
