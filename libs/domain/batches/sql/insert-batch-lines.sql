-- $1  batch
-- $2  numbers
-- $3  custom ids
-- $4  where they lie in the file
-- $5  how long they are
-- $6  now
INSERT INTO batch_line (batch_id, number, custom_id, position, bytes, due_at)
SELECT $1, line.number, line.custom_id, line.position, line.bytes, $6
FROM unnest($2::int[], $3::text[], $4::bigint[], $5::int[]) AS line (number, custom_id, position, bytes)
