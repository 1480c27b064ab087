-- What other generations own at the same place.
-- $1  upstream
-- $2  base URL
-- $3  generation that asks
-- $4  submitted since
SELECT operation_key
FROM durable_generation
WHERE upstream = $1 AND base_url = $2 AND operation_key IS NOT NULL AND id <> $3 AND submitted_at >= $4
