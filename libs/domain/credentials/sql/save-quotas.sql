-- $1 id, $2 JSON list, $3 epoch of the lease that asked: every replica hears of it by the epoch
UPDATE credential
SET counters = jsonb_set(counters, '{quotas}', $2::jsonb), epoch = $3
WHERE id = $1 AND epoch < $3
