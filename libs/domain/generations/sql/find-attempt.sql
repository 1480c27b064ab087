-- Whether an attempt is still the last one, read right before its effect.
-- $1  id
SELECT attempt, epoch, state, last_sequence FROM durable_generation WHERE id = $1
