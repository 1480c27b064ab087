-- $1 event, $2 endpoint
SELECT attempt, at, duration_ms, status, error, response
FROM webhook_attempt
WHERE event_id = $1 AND endpoint_id = $2
ORDER BY attempt
