-- $1 id, $2 why, $3 until when
UPDATE credential SET state = 'degraded', reason = $2, next_try_at = $3 WHERE id = $1 AND enabled
