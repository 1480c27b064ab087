-- Ended, with files that are kept no longer.
-- $1  now
-- $2  how many
SELECT id, files FROM durable_generation WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
