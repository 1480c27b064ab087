-- $1  ids
SELECT
  id, kind, owner_key_id, dialect, model, input, state, progress, attempt, upstream, upstream_model, credential_id,
  operation, files, facts, error, version, last_sequence, created_at, started_at, finished_at, cancel_requested_at,
  expires_at, next_step_at, poll_at, queue_upstream
FROM unnest($1::text[]) AS wanted (id) JOIN durable_generation USING (id)
-- Every id is in this range. The planner takes it for a narrow one, and so looks each row up by its key; planned for an
-- empty table, it would keep to reading all of it.
WHERE wanted.id BETWEEN 'g' AND 'h'
