-- Past its deadline and not ended. What runs at an upstream has a while longer, for its poll to see the end.
-- $1  now
-- $2  deadlines before this are past for what was submitted, too
-- $3  how many
SELECT id, state, attempt
FROM durable_generation
WHERE
  deadline_at <= $1 AND finished_at IS NULL
  AND (state = 'queued' OR state IN ('submitted', 'collecting') AND deadline_at <= $2)
ORDER BY deadline_at
LIMIT $3
