-- Gives back what was taken and not tried to its end.
-- $1 endpoint, $2 event, $3 attempts it had, $4 now
UPDATE webhook_delivery SET next_at = $4
WHERE endpoint_id = $1 AND event_id = $2 AND attempt = $3 AND state = 'pending'
