-- Takes what is due for a while; whoever is lost meanwhile is replaced when that is over.
-- $1 batch, $2 now, $3 how many, $4 holder, $5 until when
WITH due AS (
  SELECT number
  FROM batch_line
  WHERE
    batch_id = $1 AND due_at <= $2 AND is_failed IS NULL
    AND EXISTS (SELECT FROM batch WHERE id = $1 AND status = 'in_progress')
  ORDER BY due_at, number
  LIMIT $3
  FOR UPDATE SKIP LOCKED
)
UPDATE batch_line AS line SET holder = $4, due_at = $5, attempts = line.attempts + 1
FROM due
WHERE line.batch_id = $1 AND line.number = due.number
RETURNING line.number, line.custom_id, line.position, line.bytes, line.attempts, line.generation_id
