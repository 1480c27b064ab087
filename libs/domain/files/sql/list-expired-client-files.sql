-- $1 now, $2 how many at most
SELECT id, media_key FROM client_file WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
