-- Something that is still being made, and names what its owner asks about as what it starts from.
-- $1  owner
-- $2  names, as they stand in its input
SELECT id
FROM durable_generation
WHERE
  finished_at IS NULL AND owner_key_id = $1
  AND EXISTS (SELECT FROM unnest($2::text[]) AS name WHERE strpos(input, '"' || name || '"') > 0)
LIMIT 1
