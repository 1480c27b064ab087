-- Takes a generation that has ended out of the world, but for its lines in the ledger.
-- $1  id
-- $2  owner
WITH removed AS (
  DELETE FROM durable_generation WHERE id = $1 AND owner_key_id = $2 AND finished_at IS NOT NULL RETURNING id
), events AS (
  DELETE FROM durable_event WHERE generation_id IN (SELECT id FROM removed)
), keys AS (
  DELETE FROM idempotency_key WHERE generation_id IN (SELECT id FROM removed)
)
SELECT id FROM removed
