-- $1  generation
-- $2  sequence number to go on after
SELECT first_sequence, parts
FROM durable_event
WHERE generation_id = $1 AND first_sequence + part_count > $2::bigint + 1
ORDER BY first_sequence
