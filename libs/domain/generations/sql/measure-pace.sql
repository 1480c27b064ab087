-- How fast an upstream's queue moves: of its latest ends, how long they ran, and how long the time between two was.
-- $1  upstream
-- $2  ends before this are too old to tell
SELECT
  count(*) AS ended,
  coalesce(avg(extract(epoch FROM finished_at - started_at)), 0)::float8 AS run_seconds,
  coalesce(extract(epoch FROM max(started_at) - min(started_at)) / nullif(count(*) - 1, 0), 0)::float8 AS gap_seconds
FROM (
  SELECT started_at, finished_at FROM durable_generation
  WHERE upstream = $1 AND state = 'succeeded' AND created_at > $2
  ORDER BY created_at DESC
  LIMIT 100
) AS latest
