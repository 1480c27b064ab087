-- $1 created before, $2 how many at most
DELETE FROM response WHERE id IN (SELECT id FROM response WHERE created_at < $1 ORDER BY created_at LIMIT $2)
