-- Forgets the lines of generations that are gone. What does not balance stays for somebody to look at.
-- $1  closed before
-- $2  ids of this time and later are kept
-- $3  how many generations at most
WITH closed AS (
  SELECT reserve.generation_id
  FROM ledger AS reserve
  CROSS JOIN LATERAL (
    SELECT sum(amount) AS amount, max(at) AS at FROM ledger
    WHERE generation_id = reserve.generation_id AND kind <> 'reserve'
  ) AS line
  WHERE
    reserve.generation_id < $2 AND reserve.kind = 'reserve' AND line.amount = reserve.amount AND line.at < $1
    AND NOT EXISTS (SELECT FROM durable_generation WHERE id = reserve.generation_id)
  LIMIT $3
)
DELETE FROM ledger USING closed WHERE ledger.generation_id = closed.generation_id
RETURNING ledger.generation_id AS id
