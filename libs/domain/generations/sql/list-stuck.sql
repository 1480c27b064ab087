-- Those that need a human: nobody knows whether they were taken, or their next step is long overdue.
-- $1      steps due before this are overdue
-- $2, $3  time and id to go on after
-- $4      how many
SELECT
  id, kind, owner_key_id, model, state, attempt, upstream, upstream_model, credential_id, operation, error, lookups, collects,
  created_at, submitted_at, deadline_at, next_step_at, cancel_requested_at
FROM durable_generation
WHERE
  next_step_at IS NOT NULL AND finished_at IS NULL
  AND (state = 'submit_unknown' OR next_step_at < $1)
  AND (created_at, id) > ($2, $3)
ORDER BY created_at, id
LIMIT $4
