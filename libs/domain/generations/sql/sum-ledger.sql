-- The sums by unit: what was reserved is settled, refunded or open.
SELECT reserve.unit,
  sum(reserve.amount)::float8 AS reserved,
  coalesce(sum(settle.amount), 0)::float8 AS settled,
  coalesce(sum(refund.amount), 0)::float8 AS refunded,
  coalesce(sum(reserve.amount) FILTER (WHERE generation.finished_at IS NULL AND generation.id IS NOT NULL), 0)::float8 AS open
FROM ledger AS reserve
LEFT JOIN ledger AS settle ON settle.generation_id = reserve.generation_id AND settle.kind = 'settle'
LEFT JOIN ledger AS refund ON refund.generation_id = reserve.generation_id AND refund.kind = 'refund'
LEFT JOIN durable_generation AS generation ON generation.id = reserve.generation_id
WHERE reserve.kind = 'reserve'
GROUP BY reserve.unit
