-- The newest first.
-- $1  owner
-- $2, $3  creation time and id of the generation to go on after; null for the newest
-- $4  status, or null for all
-- $5  how many
SELECT
  id, created_at, kind, status, owner_key_id, dialect, model, upstream, upstream_model, credential_id, attempt,
  NULL AS events, error, usage, last_sequence, started_at, finished_at, request_id, stream
FROM generation
WHERE
  owner_key_id = $1
  AND ($2::timestamptz IS NULL OR created_at < $2 OR created_at = $2 AND id > $3)
  AND ($4::text IS NULL OR status = $4)
ORDER BY created_at DESC, id
LIMIT $5
