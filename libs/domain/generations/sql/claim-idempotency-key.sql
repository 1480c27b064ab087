-- Takes a key for a call that is about to be made; no row when somebody has it.
-- $1, $2  scope and key
-- $3      fingerprint
-- $4      who takes it
-- $5      for how many milliseconds
-- $6      whether it is taken from whoever had it
INSERT INTO idempotency_key AS existing (scope, key, fingerprint, holder, created_at, expires_at)
VALUES ($1, $2, $3, $4, now(), now() + $5 * interval '1 millisecond')
ON CONFLICT (scope, key) DO UPDATE SET
  fingerprint = excluded.fingerprint,
  generation_id = NULL,
  holder = excluded.holder,
  answer = NULL,
  created_at = excluded.created_at,
  expires_at = excluded.expires_at
WHERE existing.expires_at <= excluded.created_at OR $6
RETURNING fingerprint
