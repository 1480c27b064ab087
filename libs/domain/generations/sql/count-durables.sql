-- $1  owner
-- $2  kinds
-- $3  states
SELECT count(*)::int AS total FROM durable_generation WHERE owner_key_id = $1 AND kind = ANY ($2) AND state = ANY ($3)
