-- As remove-durable.sql, for what ended long ago and has no files any more. Conversations have an age of their own; a character
-- lives in its account until somebody deletes it, and only its row tells where.
-- $1  ended before
-- $2  ids of this time and later are kept
-- $3  how many at most
WITH removed AS (
  DELETE FROM durable_generation
  WHERE id IN (
    SELECT id FROM durable_generation
    WHERE
      id < $2 AND kind <> 'chat' AND finished_at < $1 AND expires_at IS NULL
      AND NOT (kind = 'character' AND state = 'succeeded')
    LIMIT $3
    FOR UPDATE SKIP LOCKED
  )
  RETURNING id
), events AS (
  DELETE FROM durable_event WHERE generation_id IN (SELECT id FROM removed)
), keys AS (
  DELETE FROM idempotency_key WHERE generation_id IN (SELECT id FROM removed)
)
SELECT id FROM removed
