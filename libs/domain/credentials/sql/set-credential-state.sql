-- $5 epoch of the lease that taught it: what an older one taught is refused
UPDATE credential
SET state = $2, reason = $3, next_try_at = $4, epoch = $5
WHERE id = $1 AND epoch <= $5
