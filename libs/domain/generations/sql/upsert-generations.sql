-- $1  a row a line, its fields between tabs, an empty one for NULL: half of what rows of JSON cost. What a client may have
--     named is a JSON string, so that no field holds a tab or a line feed.
-- A row only moves forward: a terminal status is never overwritten, and `queued` never undoes `running`.
-- Interactive rows may lose their last instant to a crash of the database (their client has been answered),
-- so the commit does not wait for the disk.
INSERT INTO generation AS existing (
  id, created_at, kind, class, status, owner_key_id, dialect, model, upstream, upstream_model, credential_id, attempt,
  request, events, error, usage, last_sequence, started_at, finished_at, deadline_at, request_id, stream
)
SELECT
  field[1], to_timestamp(field[2]::float8 / 1000), field[3], 'interactive', field[4], field[5], field[6],
  field[7]::json #>> '{}', field[8], field[9]::json #>> '{}', field[10], field[11]::int,
  field[12], field[13], field[14]::jsonb, field[15]::jsonb, field[16]::int, to_timestamp(field[17]::float8 / 1000),
  to_timestamp(field[18]::float8 / 1000), to_timestamp(field[19]::float8 / 1000), field[20]::json #>> '{}', field[21]::boolean
FROM
  (SELECT set_config('synchronous_commit', 'off', true)) AS session,
  -- With an offset a line is taken apart once, and not for each of its fields.
  (SELECT string_to_array(line, E'\t', '') AS field FROM string_to_table($1, E'\n') AS line OFFSET 0) AS fresh
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
