-- What was asked for and answered at once, whoever asked: for operators, the newest first. Its words are not in it.
-- $1  id to go on after, or null
-- $2  statuses, or null; and so on
-- $3  upstream
-- $4  credential
-- $5  owner
-- $6  model
-- $7  asked since
-- $8  how many
SELECT
  generation.id, generation.kind, generation.dialect, generation.model, generation.status, generation.attempt, generation.stream,
  generation.owner_key_id, api_key.name AS owner_name, generation.upstream, generation.upstream_model, generation.credential_id,
  credential.label AS account, generation.error, generation.usage, generation.created_at, generation.finished_at,
  generation.request_id
FROM generation
LEFT JOIN credential ON credential.id = generation.credential_id
LEFT JOIN api_key ON api_key.id = generation.owner_key_id
WHERE
  ($1::text IS NULL OR generation.id < $1)
  AND ($2::text[] IS NULL OR generation.status = ANY ($2))
  AND ($3::text IS NULL OR generation.upstream = $3)
  AND ($4::text IS NULL OR generation.credential_id = $4)
  AND ($5::text IS NULL OR generation.owner_key_id = $5)
  AND ($6::text IS NULL OR generation.model = $6)
  AND ($7::timestamptz IS NULL OR generation.created_at >= $7)
ORDER BY generation.id DESC
LIMIT $8
