-- $1  ids of generations whose files could not be deleted
-- $2  when it is tried again; until then they are kept
UPDATE durable_generation SET expires_at = $2, version = version + 1 WHERE id = ANY ($1)
