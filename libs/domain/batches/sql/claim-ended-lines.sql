-- Lines whose work went on without them and has ended, of whatever batch is still open.
-- $1 now, $2 how many, $3 holder, $4 until when
WITH ended AS (
  SELECT line.batch_id, line.number
  FROM batch_line AS line
  LEFT JOIN durable_generation AS generation ON generation.id = line.generation_id
  WHERE
    line.generation_id IS NOT NULL AND line.is_failed IS NULL AND (line.due_at IS NULL OR line.due_at <= $1)
    AND (generation.id IS NULL OR generation.finished_at IS NOT NULL)
  LIMIT $2
  FOR UPDATE OF line SKIP LOCKED
)
UPDATE batch_line AS line SET holder = $3, due_at = $4, attempts = line.attempts + 1
FROM ended
JOIN batch ON batch.id = ended.batch_id
WHERE line.batch_id = ended.batch_id AND line.number = ended.number
RETURNING
  line.number, line.custom_id, line.position, line.bytes, line.attempts, line.generation_id,
  batch.id, batch.owner_key_id, batch.endpoint
