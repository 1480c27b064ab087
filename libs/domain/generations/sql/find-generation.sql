-- $1  id
-- $2  when it was created, as its id says: names the partition
SELECT
  id, created_at, kind, status, owner_key_id, dialect, model, upstream, upstream_model, credential_id, attempt,
  events, error, usage, last_sequence, started_at, finished_at, request_id, stream
FROM generation
WHERE id = $1 AND created_at = $2
