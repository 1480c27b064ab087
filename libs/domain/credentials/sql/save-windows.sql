-- $1 ids, $2 as many JSON objects
UPDATE credential AS c
SET counters = jsonb_set(c.counters, '{windows}', given.windows::jsonb)
FROM unnest($1::text[], $2::text[]) AS given (id, windows)
WHERE c.id = given.id
