-- Takes a key for a call that is about to be made; no row when somebody has it.
-- $1, $2  scope and key
-- $3      fingerprint
-- $4      generation that makes the answer, or null
-- $5, $6  now; until when it is remembered
-- $7      whether it is taken from whoever had it
INSERT INTO idempotency_key AS existing (scope, key, fingerprint, generation_id, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (scope, key) DO UPDATE SET
  fingerprint = excluded.fingerprint,
  generation_id = excluded.generation_id,
  answer = NULL,
  created_at = excluded.created_at,
  expires_at = excluded.expires_at
WHERE existing.expires_at <= excluded.created_at OR $7
RETURNING fingerprint
