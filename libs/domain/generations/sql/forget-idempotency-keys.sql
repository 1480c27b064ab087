-- $1  how many at most
DELETE FROM idempotency_key
WHERE (scope, key) IN (SELECT scope, key FROM idempotency_key WHERE expires_at <= now() LIMIT $1)
