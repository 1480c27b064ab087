-- How many lines wait for what goes on without them, and whether others wait for such work to begin.
-- $1 kind of work
SELECT
  (SELECT count(*)::int FROM batch_line WHERE generation_id IS NOT NULL AND is_failed IS NULL) AS awaited,
  EXISTS (
    SELECT
    FROM durable_generation AS generation
    WHERE
      generation.state = 'queued' AND generation.finished_at IS NULL AND generation.kind = $1
      AND NOT EXISTS (SELECT FROM batch_line AS line WHERE line.generation_id = generation.id AND line.is_failed IS NULL)
  ) AS "isWaitedFor"
