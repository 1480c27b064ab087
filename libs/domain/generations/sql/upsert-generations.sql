-- $1  a JSON array of rows.
-- A row only moves forward: a terminal status is never overwritten, and `queued` never undoes `running`.
-- Interactive rows may lose their last instant to a crash of the database (their client has been answered),
-- so the commit does not wait for the disk.
INSERT INTO generation AS existing (
  id, created_at, kind, class, status, owner_key_id, dialect, model, upstream, upstream_model, credential_id, attempt,
  request, events, error, usage, last_sequence, started_at, finished_at, deadline_at, request_id, stream
)
SELECT
  fresh.id, to_timestamp(fresh.created_ms / 1000.0), fresh.kind, 'interactive', fresh.status, fresh.owner_key_id, fresh.dialect, fresh.model,
  fresh.upstream, fresh.upstream_model, fresh.credential_id, fresh.attempt, fresh.request, fresh.events, fresh.error,
  fresh.usage, fresh.last_sequence, to_timestamp(fresh.started_ms / 1000.0), to_timestamp(fresh.finished_ms / 1000.0),
  to_timestamp(fresh.deadline_ms / 1000.0), fresh.request_id, fresh.stream
FROM
  (SELECT set_config('synchronous_commit', 'off', true)) AS session,
  json_to_recordset($1::json) AS fresh (
    id text, created_ms bigint, kind text, status text, owner_key_id text, dialect text, model text, upstream text,
    upstream_model text, credential_id text, attempt int, request text, events text, error jsonb, usage jsonb,
    last_sequence int, started_ms bigint, finished_ms bigint, deadline_ms bigint, request_id text,
    stream boolean
  )
ON CONFLICT (id, created_at) DO UPDATE SET
  status = excluded.status,
  upstream = excluded.upstream,
  upstream_model = excluded.upstream_model,
  credential_id = excluded.credential_id,
  attempt = excluded.attempt,
  events = excluded.events,
  error = excluded.error,
  usage = excluded.usage,
  last_sequence = excluded.last_sequence,
  started_at = coalesce(excluded.started_at, existing.started_at),
  finished_at = excluded.finished_at,
  updated_at = now()
WHERE
  existing.status = 'queued' AND excluded.status <> 'queued'
  OR existing.status = 'running' AND excluded.status NOT IN ('queued', 'running')
