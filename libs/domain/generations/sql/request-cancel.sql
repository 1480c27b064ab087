-- What has not been submitted ends at once; what has is ended by a worker, which tells the upstream.
-- $1  id
-- $2  owner
-- $3  now
-- $4  the error that it ends with, and the event that tells it, as JSON
WITH cancelled AS (
  UPDATE durable_generation SET
    cancel_requested_at = coalesce(cancel_requested_at, $3),
    state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END,
    error = CASE WHEN state = 'queued' THEN $4::json ->> 'error' ELSE error END,
    finished_at = CASE WHEN state = 'queued' THEN $3::timestamptz END,
    next_step_at = CASE WHEN state = 'queued' THEN NULL ELSE least(next_step_at, $3::timestamptz) END,
    last_sequence = last_sequence + CASE WHEN state = 'queued' THEN 1 ELSE 0 END,
    version = version + 1
  WHERE id = $1 AND owner_key_id = $2 AND finished_at IS NULL
  RETURNING id, state, last_sequence, queue_upstream
), told AS (
  INSERT INTO durable_event (generation_id, first_sequence, part_count, parts)
  SELECT id, last_sequence, 1, $4::json ->> 'parts' FROM cancelled WHERE state = 'cancelled'
), refunded AS (
  INSERT INTO ledger (generation_id, kind, owner_key_id, unit, amount, at)
  SELECT generation_id, 'refund', owner_key_id, unit, amount, $3
  FROM ledger JOIN cancelled ON cancelled.id = ledger.generation_id AND cancelled.state = 'cancelled'
  WHERE ledger.kind = 'reserve'
  ON CONFLICT DO NOTHING
)
SELECT id, state, last_sequence, queue_upstream FROM cancelled
