-- The oldest first.
-- $1      owner
-- $2      kinds
-- $3, $4  creation time and id of the one to go on after; null for the oldest
-- $5      states, or null for all
-- $6      how many
SELECT
  id, kind, owner_key_id, dialect, model, input, state, progress, attempt, upstream, upstream_model, credential_id,
  operation, files, facts, error, version, last_sequence, created_at, started_at, finished_at, cancel_requested_at,
  expires_at, next_step_at, poll_at, queue_upstream
FROM durable_generation
WHERE
  owner_key_id = $1
  AND kind = ANY ($2)
  AND ($3::timestamptz IS NULL OR (created_at, id) > ($3, $4))
  AND ($5::text[] IS NULL OR state = ANY ($5))
ORDER BY created_at ASC, id ASC
LIMIT $6
