-- Ledgers that do not balance: an end without its lines, lines without an end, or sums that differ.
-- $1  ends and reservations before this are looked at
-- $2  how many at most
SELECT reserve.generation_id, reserve.amount::float8 AS reserved, coalesce(sum(line.amount), 0)::float8 AS accounted,
  generation.state
FROM ledger AS reserve
LEFT JOIN ledger AS line ON line.generation_id = reserve.generation_id AND line.kind <> 'reserve'
LEFT JOIN durable_generation AS generation ON generation.id = reserve.generation_id
WHERE reserve.kind = 'reserve' AND reserve.at >= $1
GROUP BY reserve.generation_id, reserve.amount, generation.state, generation.finished_at
HAVING
  CASE
    WHEN generation.state IS NULL OR generation.finished_at IS NOT NULL THEN coalesce(sum(line.amount), 0) <> reserve.amount
    ELSE coalesce(sum(line.amount), 0) <> 0
  END
LIMIT $2
