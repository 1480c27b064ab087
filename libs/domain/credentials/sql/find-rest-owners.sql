-- $1 ids
SELECT id, upstream, settings ->> 'quotaGroup' AS "quotaGroup"
FROM credential
WHERE id = ANY ($1::text[])
