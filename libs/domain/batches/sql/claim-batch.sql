-- A batch whose file is to be looked through, or whose answers are to be written out.
-- $1 holder, $2 now, $3 until when
UPDATE batch SET holder = $1, held_until = $3
WHERE id = (
  SELECT id
  FROM batch
  WHERE finished_at IS NULL AND status <> 'in_progress' AND (held_until IS NULL OR held_until <= $2)
  ORDER BY held_until NULLS FIRST, created_at
  LIMIT 1
  FOR UPDATE SKIP LOCKED
)
RETURNING *
