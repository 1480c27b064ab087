-- Commits durable generations without idempotency keys, each with its reservation. A row that is there already is one of
-- ours: its first answer was lost.
-- $1  a JSON array of what `submit-durable.sql` takes
WITH fresh AS (
  SELECT * FROM json_to_recordset($1::json) AS fresh (
    id text, kind text, owner_key_id text, dialect text, model text, targets text, queue_upstream text,
    pinned_credential_id text, input text, request_id text, traceparent text, created_ms bigint, deadline_ms bigint,
    unit text, amount numeric, webhook_url text
  )
), accepted AS (
  INSERT INTO durable_generation (
    id, kind, owner_key_id, dialect, model, targets, queue_upstream, pinned_credential_id, input, request_id,
    traceparent, created_at, deadline_at, next_step_at, webhook_url
  )
  SELECT
    id, kind, owner_key_id, dialect, model, targets, queue_upstream, pinned_credential_id, input, request_id,
    traceparent, to_timestamp(created_ms / 1000.0), to_timestamp(deadline_ms / 1000.0),
    to_timestamp(created_ms / 1000.0), webhook_url
  FROM fresh
  ON CONFLICT (id) DO NOTHING
)
INSERT INTO ledger (generation_id, kind, owner_key_id, unit, amount, at)
SELECT id, 'reserve', owner_key_id, unit, amount, to_timestamp(created_ms / 1000.0)
FROM fresh
ON CONFLICT (generation_id, kind) DO NOTHING
