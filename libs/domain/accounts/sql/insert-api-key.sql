-- A key that is there already stays as it is.
INSERT INTO api_key (id, name, hash, last_four, limits, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (hash) DO NOTHING
