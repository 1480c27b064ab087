-- Each line is answered once: by whoever holds it.
-- $1 batch, $2 holder, $3 numbers, $4 which of them failed, $5 answers, $6 where large ones lie
WITH answered AS (
  UPDATE batch_line AS line
  SET holder = NULL, due_at = NULL, is_failed = answer.is_failed, answer = answer.text, answer_key = answer.key
  FROM unnest($3::int[], $4::bool[], $5::text[], $6::text[]) AS answer (number, is_failed, text, key)
  WHERE line.batch_id = $1 AND line.number = answer.number AND line.holder = $2 AND line.due_at IS NOT NULL
  RETURNING line.is_failed
)
UPDATE batch
SET
  completed = completed + (SELECT count(*) FROM answered WHERE NOT is_failed),
  failed = failed + (SELECT count(*) FROM answered WHERE is_failed)
WHERE id = $1
