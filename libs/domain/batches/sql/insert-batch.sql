-- $1  id
-- $2  owner
-- $3  endpoint
-- $4  id of the file
-- $5  where the file lies
-- $6  metadata, or null
-- $7  life of the files it leaves, or null
-- $8  webhook URL, or null
-- $9  created at
-- $10 expires at
INSERT INTO batch (
  id, owner_key_id, endpoint, input_file_id, input_key, metadata, output_life_ms, webhook_url, created_at, expires_at
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
RETURNING *
