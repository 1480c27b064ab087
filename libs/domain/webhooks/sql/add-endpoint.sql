-- Answers nothing where the owner has as many as it may.
-- $1 id, $2 owner or null for the operator's, $3 URL or null for the one of the owner's requests, $4 events, $5 description,
-- $6 enabled, $7 allow_private_network, $8 secret, $9 now, $10 how many with a URL an owner may have
INSERT INTO webhook_endpoint (
  id, owner_key_id, url, events, description, enabled, allow_private_network, secret, created_at
)
SELECT $1, $2, $3, $4::text[], $5, $6::boolean, $7::boolean, $8::bytea, $9::timestamptz
WHERE $3::text IS NULL OR (
  SELECT count(*) FROM webhook_endpoint WHERE owner_key_id IS NOT DISTINCT FROM $2::text AND url IS NOT NULL
) < $10::int
ON CONFLICT DO NOTHING
RETURNING id
