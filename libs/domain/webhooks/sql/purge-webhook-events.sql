-- $1 the first id that is kept, $2 how many at most
WITH outdated AS (
  DELETE FROM webhook_event WHERE id IN (SELECT id FROM webhook_event WHERE id < $1 ORDER BY id LIMIT $2) RETURNING id
), deliveries AS (
  DELETE FROM webhook_delivery WHERE event_id IN (SELECT id FROM outdated)
), attempts AS (
  DELETE FROM webhook_attempt WHERE event_id IN (SELECT id FROM outdated)
)
SELECT id FROM outdated
