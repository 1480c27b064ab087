-- $1 batches, $2 numbers, $3 holder, $4 until when
UPDATE batch_line AS line SET due_at = $4
FROM unnest($1::text[], $2::int[]) AS held (batch_id, number)
WHERE line.batch_id = held.batch_id AND line.number = held.number AND line.holder = $3 AND line.due_at IS NOT NULL
