-- Commits a durable generation, its reservation and its idempotency key as one.
-- $1  a JSON object; scope is null where no Idempotency-Key was sent
-- Answers one row: the id when it was accepted, else what the key stands for already. Both are null when another
-- transaction took the key while this one ran: then the key has to be looked up.
WITH fresh AS (
  SELECT * FROM json_to_record($1::json) AS fresh (
    id text, kind text, owner_key_id text, dialect text, model text, targets text, queue_upstream text,
    pinned_credential_id text, input text, request_id text, traceparent text, created_ms bigint, deadline_ms bigint,
    unit text, amount numeric, scope text, key text, fingerprint text, supersedes boolean, forget_ms bigint, webhook_url text
  )
), claim AS (
  INSERT INTO idempotency_key AS existing (scope, key, fingerprint, generation_id, created_at, expires_at)
  SELECT scope, key, fingerprint, id, to_timestamp(created_ms / 1000.0), to_timestamp(forget_ms / 1000.0)
  FROM fresh WHERE scope IS NOT NULL
  ON CONFLICT (scope, key) DO UPDATE SET
    fingerprint = excluded.fingerprint,
    generation_id = excluded.generation_id,
    holder = NULL,
    answer = NULL,
    created_at = excluded.created_at,
    expires_at = excluded.expires_at
  WHERE existing.expires_at <= excluded.created_at OR (SELECT supersedes FROM fresh)
  RETURNING generation_id
), accepted AS (
  INSERT INTO durable_generation (
    id, kind, owner_key_id, dialect, model, targets, queue_upstream, pinned_credential_id, input, request_id,
    traceparent, created_at, deadline_at, next_step_at, webhook_url
  )
  SELECT
    id, kind, owner_key_id, dialect, model, targets, queue_upstream, pinned_credential_id, input, request_id,
    traceparent, to_timestamp(created_ms / 1000.0), to_timestamp(deadline_ms / 1000.0),
    to_timestamp(created_ms / 1000.0), webhook_url
  FROM fresh WHERE scope IS NULL OR EXISTS (SELECT FROM claim)
  RETURNING id
), reserved AS (
  INSERT INTO ledger (generation_id, kind, owner_key_id, unit, amount, at)
  SELECT fresh.id, 'reserve', fresh.owner_key_id, fresh.unit, fresh.amount, to_timestamp(fresh.created_ms / 1000.0)
  FROM fresh JOIN accepted ON accepted.id = fresh.id
)
SELECT accepted.id AS accepted_id, existing.fingerprint, existing.generation_id
FROM fresh
LEFT JOIN accepted ON true
LEFT JOIN idempotency_key existing
  ON accepted.id IS NULL AND existing.scope = fresh.scope AND existing.key = fresh.key
  -- What had run out when this statement began was taken by another transaction while it ran.
  AND existing.expires_at > to_timestamp(fresh.created_ms / 1000.0)
