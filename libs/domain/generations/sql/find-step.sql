-- All that a step needs.
-- $1  id
SELECT
  id, kind, owner_key_id, dialect, model, targets, target_index, queue_upstream, pinned_credential_id, input, state,
  progress, attempt, epoch, lease_id, upstream, upstream_model, credential_id, base_url, operation, prepared, lookups,
  collects, upstream_files, facts, last_sequence, request_id, traceparent, created_at, deadline_at, submitted_at,
  cancel_requested_at, next_step_at, error
FROM durable_generation
WHERE id = $1
