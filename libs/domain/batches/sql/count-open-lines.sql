-- Lines of a batch that are being made, and those whose work goes on without them.
-- $1 batch, $2 now
SELECT
  count(*) FILTER (WHERE due_at > $2 AND holder IS NOT NULL)::int AS held,
  count(*) FILTER (WHERE due_at IS NULL)::int AS awaited
FROM batch_line
WHERE batch_id = $1 AND is_failed IS NULL AND (holder IS NOT NULL OR generation_id IS NOT NULL)
