-- What came of an attempt: the delivery, its history and the endpoint's health in one.
-- $1 endpoint, $2 event, $3 number of the attempt
-- $4 state, $5 when it is tried again
-- $6 when it began, $7 milliseconds, $8 status, $9 error, $10 response
-- $11 now
-- $12 whether the endpoint is judged by it, $13 whether the receiver said that it is gone
-- $14 an endpoint that has failed since before this is switched off
-- Of two that had the same delivery the first counts, unless the second got through.
WITH settled AS (
  UPDATE webhook_delivery SET
    attempt = greatest(attempt, $3),
    state = $4,
    next_at = $5,
    last_status = $8,
    last_error = $9,
    finished_at = CASE WHEN $4 <> 'pending' THEN $11::timestamptz END
  WHERE endpoint_id = $1 AND event_id = $2 AND state = 'pending' AND (attempt = $3 - 1 OR $4 = 'delivered')
  RETURNING event_id, endpoint_id
), noted AS (
  INSERT INTO webhook_attempt (event_id, endpoint_id, attempt, at, duration_ms, status, error, response)
  SELECT event_id, endpoint_id, $3, $6::timestamptz, $7::int, $8, $9, $10 FROM settled
  ON CONFLICT DO NOTHING
)
UPDATE webhook_endpoint SET
  failing_since = CASE WHEN $4 = 'delivered' THEN NULL ELSE coalesce(failing_since, $11) END,
  enabled = enabled AND NOT $13::boolean AND ($4 = 'delivered' OR coalesce(failing_since, $11) > $14),
  disabled_reason = CASE
    WHEN $13 THEN 'gone'
    WHEN $4 <> 'delivered' AND failing_since <= $14 THEN 'failing'
    ELSE disabled_reason
  END
WHERE id = $1 AND $12::boolean AND EXISTS (SELECT FROM settled)
  -- Its row is left alone while nothing changes.
  AND ($13 OR ($4 = 'delivered') = (failing_since IS NOT NULL) OR failing_since <= $14)
