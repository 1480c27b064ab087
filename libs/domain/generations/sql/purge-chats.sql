-- As remove-durable.sql, for conversations that nobody asks for any more.
-- $1  ended before
-- $2  how many at most
WITH removed AS (
  DELETE FROM durable_generation
  WHERE id IN (
    SELECT id FROM durable_generation WHERE kind = 'chat' AND finished_at < $1 AND created_at < $1 LIMIT $2
  )
  RETURNING id
), events AS (
  DELETE FROM durable_event WHERE generation_id IN (SELECT id FROM removed)
), keys AS (
  DELETE FROM idempotency_key WHERE generation_id IN (SELECT id FROM removed)
)
SELECT id FROM removed
