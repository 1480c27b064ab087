-- A page by its number, the newest first.
-- $1  owner
-- $2  kinds
-- $3  states
-- $4  how many
-- $5  how many before them
SELECT
  id, kind, owner_key_id, dialect, model, input, state, progress, attempt, upstream, upstream_model, credential_id,
  operation, files, facts, error, version, last_sequence, created_at, started_at, finished_at, cancel_requested_at,
  expires_at, next_step_at, poll_at, queue_upstream
FROM durable_generation
WHERE owner_key_id = $1 AND kind = ANY ($2) AND state = ANY ($3)
ORDER BY created_at DESC, id DESC
LIMIT $4 OFFSET $5
