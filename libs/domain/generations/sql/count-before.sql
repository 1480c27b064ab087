-- How many wait before a queued generation; beyond the limit nobody counts.
-- $1      upstream whose queue it is in
-- $2, $3  its creation time and id
-- $4      limit
SELECT count(*) AS before
FROM (
  SELECT FROM durable_generation
  WHERE queue_upstream = $1 AND state = 'queued' AND (created_at, id) < ($2, $3)
  LIMIT $4
) AS waiting
