-- $1 id of the last one seen or null, $2 subject or null, $3 action or null, $4 how many; the newest first
SELECT id, at, actor, action, subject, detail
FROM audit_event
WHERE ($1::bigint IS NULL OR id < $1) AND ($2::text IS NULL OR subject = $2) AND ($3::text IS NULL OR action = $3)
ORDER BY id DESC
LIMIT $4
