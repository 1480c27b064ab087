-- Sends the same event again, at once and with all the waits before it.
-- $1 endpoint, $2 event, $3 now
UPDATE webhook_delivery SET state = 'pending', next_at = $3, round_start = attempt, finished_at = NULL
WHERE endpoint_id = $1 AND event_id = $2
