-- $1 credential, $2 id of the last one seen or null, $3 how many; the newest first
SELECT id, at, type, state, reason, next_try_at AS "nextTryAt"
FROM credential_event
WHERE credential_id = $1 AND ($2::bigint IS NULL OR id < $2)
ORDER BY id DESC
LIMIT $3
