-- $1  ids
SELECT id, last_sequence, finished_at IS NOT NULL AS is_final FROM durable_generation WHERE id = ANY ($1)
