-- Writes down what has changed about the result of something that has ended.
-- $1  id
-- $2  owner
-- $3  all facts, as JSON
UPDATE durable_generation SET facts = $3, version = version + 1
WHERE id = $1 AND owner_key_id = $2 AND finished_at IS NOT NULL
