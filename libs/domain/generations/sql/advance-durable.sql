-- Every transition but the intent: compare-and-set, event log and ledger in one, for any number of generations.
-- $1  a JSON array; what a member leaves out stays as it is, but for next_step_at, which is told or gone
-- $2  now
-- Answers the rows that moved; one that is not answered was changed by somebody newer.
WITH change AS (
  SELECT * FROM json_to_recordset($1::json) AS change (
    id text, expected text[], attempt int, after_sequence int, state text, progress int, operation text,
    operation_key text, prepared text, submitted_ms bigint, poll_ms bigint, step_ms bigint, lease_id text, lookups int, collects int,
    upstream_files text, files text, facts text, error text, expires_ms bigint, target_index int, queue_upstream text,
    used numeric, parts text, part_count int
  )
  -- Every id is in this range. The planner takes it for a narrow one, and so looks each row up by its key instead of
  -- reading the whole table, which is what it would keep to once it has planned for an empty one.
  WHERE change.id BETWEEN 'g' AND 'h'
), moved AS (
  UPDATE durable_generation AS generation SET
    state = coalesce(change.state, generation.state),
    progress = greatest(generation.progress, change.progress),
    operation = coalesce(change.operation, generation.operation),
    operation_key = coalesce(change.operation_key, generation.operation_key),
    prepared = coalesce(change.prepared, generation.prepared),
    submitted_at = coalesce(to_timestamp(change.submitted_ms / 1000.0), generation.submitted_at),
    poll_at = coalesce(to_timestamp(change.poll_ms / 1000.0), generation.poll_at),
    next_step_at = CASE
      WHEN change.state IN ('succeeded', 'failed', 'cancelled', 'expired') THEN NULL
      WHEN generation.cancel_requested_at IS NOT NULL THEN coalesce(to_timestamp(change.step_ms / 1000.0), $2)
      ELSE to_timestamp(change.step_ms / 1000.0)
    END,
    lease_id = CASE
      WHEN change.state IN ('queued', 'succeeded', 'failed', 'cancelled', 'expired') THEN NULL
      ELSE coalesce(generation.lease_id, change.lease_id)
    END,
    lookups = coalesce(change.lookups, generation.lookups),
    collects = coalesce(change.collects, generation.collects),
    upstream_files = coalesce(change.upstream_files, generation.upstream_files),
    files = coalesce(change.files, generation.files),
    facts = coalesce(change.facts, generation.facts),
    error = coalesce(change.error, generation.error),
    expires_at = coalesce(to_timestamp(change.expires_ms / 1000.0), generation.expires_at),
    target_index = coalesce(change.target_index, generation.target_index),
    queue_upstream = coalesce(change.queue_upstream, generation.queue_upstream),
    finished_at = CASE
      WHEN change.state IN ('succeeded', 'failed', 'cancelled', 'expired') THEN $2::timestamptz
      ELSE generation.finished_at
    END,
    last_sequence = generation.last_sequence + coalesce(change.part_count, 0),
    -- What no client sees is no new version.
    version = generation.version + CASE
      WHEN change.state <> generation.state OR change.progress > generation.progress OR change.part_count > 0
        OR change.error IS NOT NULL THEN 1
      ELSE 0
    END
  FROM change
  WHERE generation.id = change.id
    AND generation.state = ANY (change.expected)
    AND (change.attempt IS NULL OR generation.attempt = change.attempt)
    AND (change.after_sequence IS NULL OR generation.last_sequence = change.after_sequence)
  RETURNING
    generation.id, generation.state, generation.attempt, generation.last_sequence, generation.version,
    generation.owner_key_id, change.used, change.parts, change.part_count
), told AS (
  INSERT INTO durable_event (generation_id, first_sequence, part_count, parts)
  SELECT id, last_sequence - part_count + 1, part_count, parts FROM moved WHERE part_count > 0
), balanced AS (
  INSERT INTO ledger (generation_id, kind, owner_key_id, unit, amount, at)
  SELECT reserve.generation_id, line.kind, reserve.owner_key_id, reserve.unit, line.amount, $2
  FROM moved
  JOIN ledger AS reserve ON reserve.generation_id = moved.id AND reserve.kind = 'reserve'
  CROSS JOIN LATERAL (
    VALUES
      ('settle', least(coalesce(moved.used, reserve.amount), reserve.amount)),
      ('refund', reserve.amount - least(coalesce(moved.used, reserve.amount), reserve.amount))
  ) AS line (kind, amount)
  WHERE moved.state IN ('succeeded', 'failed', 'cancelled', 'expired') AND line.amount > 0
  ON CONFLICT DO NOTHING
)
SELECT id, state, attempt, last_sequence, version FROM moved
