-- Steps that are due, so many of each upstream, the longest waiting first: a backlog of one hides none of another.
-- $1  due until
-- $2  where to go on: a JSON array of {"upstream", "at", "id"}; an upstream that is not named starts at its oldest
-- $3  how many of each upstream
WITH RECURSIVE upstream (name) AS (
  (SELECT queue_upstream FROM durable_generation WHERE next_step_at IS NOT NULL ORDER BY queue_upstream LIMIT 1)
  UNION ALL
  -- From one name to the next in the index, instead of over all rows.
  SELECT (
    SELECT queue_upstream FROM durable_generation
    WHERE next_step_at IS NOT NULL AND queue_upstream > upstream.name
    ORDER BY queue_upstream LIMIT 1
  )
  FROM upstream WHERE upstream.name IS NOT NULL
)
SELECT due.id, due.queue_upstream, due.state, due.next_step_at, due.is_cancelling
FROM upstream
LEFT JOIN json_to_recordset($2::json) AS after (upstream text, at timestamptz, id text) ON after.upstream = upstream.name
CROSS JOIN LATERAL (
  SELECT id, queue_upstream, state, next_step_at, cancel_requested_at IS NOT NULL AS is_cancelling
  FROM durable_generation
  WHERE queue_upstream = upstream.name AND next_step_at <= $1
    AND (next_step_at, id) > (coalesce(after.at, '-infinity'), coalesce(after.id, ''))
  ORDER BY next_step_at, id
  LIMIT $3
) AS due
ORDER BY upstream.name, due.next_step_at, due.id
