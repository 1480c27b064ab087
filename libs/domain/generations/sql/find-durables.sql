-- $1  ids
SELECT
  id, kind, owner_key_id, dialect, model, input, state, progress, attempt, upstream, upstream_model, credential_id,
  operation, files, facts, error, version, last_sequence, created_at, started_at, finished_at, cancel_requested_at,
  expires_at, next_step_at, poll_at, queue_upstream
FROM durable_generation
WHERE id = ANY ($1)
