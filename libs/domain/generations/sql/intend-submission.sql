-- The intent, written before the effect: whoever changes the row here, and nobody else, may submit it now.
-- $1  id
-- $2  attempts that the caller saw
-- $3  epoch of the lease: an older one than the last has been replaced
-- $4  lease, $5 its credential, $6 base URL
-- $7  upstream, $8 its name for the model
-- $9  now
-- $10 when somebody else shall look, should the caller be lost
UPDATE durable_generation SET
  state = 'submitting',
  attempt = attempt + 1,
  epoch = $3,
  lease_id = $4,
  credential_id = $5,
  base_url = $6,
  upstream = $7,
  upstream_model = $8,
  submitted_at = $9,
  started_at = coalesce(started_at, $9),
  next_step_at = $10,
  operation = NULL,
  operation_key = NULL,
  prepared = NULL,
  lookups = 0,
  error = NULL,
  version = version + 1
WHERE id = $1 AND state = 'queued' AND attempt = $2 AND epoch < $3 AND cancel_requested_at IS NULL
RETURNING attempt, last_sequence
