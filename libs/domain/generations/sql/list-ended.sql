-- $1  ended before
-- $2  states, or null
-- $3  id to go on after, or null
-- $4  how many
SELECT id, owner_key_id FROM durable_generation
WHERE finished_at < $1 AND kind <> 'chat' AND ($2::text[] IS NULL OR state = ANY ($2)) AND ($3::text IS NULL OR id > $3)
ORDER BY id
LIMIT $4
