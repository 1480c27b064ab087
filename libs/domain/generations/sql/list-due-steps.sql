-- Steps that are due, the longest waiting first.
-- $1      due until
-- $2, $3  time and id to go on after
-- $4      how many
SELECT id, queue_upstream, state, next_step_at, cancel_requested_at IS NOT NULL AS is_cancelling
FROM durable_generation
WHERE next_step_at <= $1 AND (next_step_at, id) > ($2, $3)
ORDER BY next_step_at, id
LIMIT $4
