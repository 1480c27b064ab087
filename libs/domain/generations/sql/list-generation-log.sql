-- What is made and was made, whoever asked for it: for operators, the newest first.
-- $1  id to go on after, or null
-- $2  kinds, or null; and so on
-- $3  states
-- $4  upstream
-- $5  credential
-- $6  owner
-- $7  model
-- $8  made since
-- $9  whether what was asked for is wanted
-- $10 how many
SELECT
  generation.id, generation.kind, generation.dialect, generation.model, generation.state, generation.progress, generation.attempt,
  generation.owner_key_id, api_key.name AS owner_name, generation.upstream, generation.upstream_model, generation.credential_id,
  credential.label AS account, generation.error, generation.created_at, generation.started_at, generation.finished_at,
  generation.deadline_at, generation.cancel_requested_at, generation.request_id,
  CASE WHEN $9::boolean THEN generation.input END AS input
FROM durable_generation AS generation
LEFT JOIN credential ON credential.id = generation.credential_id
LEFT JOIN api_key ON api_key.id = generation.owner_key_id
WHERE
  ($1::text IS NULL OR generation.id < $1)
  AND ($2::text[] IS NULL OR generation.kind = ANY ($2))
  AND ($3::text[] IS NULL OR generation.state = ANY ($3))
  AND ($4::text IS NULL OR generation.upstream = $4)
  AND ($5::text IS NULL OR generation.credential_id = $5)
  AND ($6::text IS NULL OR generation.owner_key_id = $6)
  AND ($7::text IS NULL OR generation.model = $7)
  AND ($8::timestamptz IS NULL OR generation.created_at >= $8)
ORDER BY generation.id DESC
LIMIT $10
