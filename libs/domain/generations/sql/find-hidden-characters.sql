-- Of these characters, as their accounts call them, those that others own and hide.
-- $1  owner who asks
-- $2  characters
SELECT DISTINCT facts::jsonb ->> 'characterId' AS id
FROM durable_generation
WHERE
  kind = 'character' AND facts::jsonb ->> 'characterId' = ANY($2::text[])
  AND owner_key_id <> $1 AND (facts::jsonb -> 'public') IS DISTINCT FROM 'true'::jsonb
