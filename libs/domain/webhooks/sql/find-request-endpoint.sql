-- $1  owner
SELECT id, enabled, allow_private_network FROM webhook_endpoint WHERE owner_key_id = $1 AND url IS NULL
