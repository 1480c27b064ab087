-- $1 id, $2 owner or null for an operator, $3 the new secret, $4 when the present one signs no more
UPDATE webhook_endpoint SET
  previous_secret = secret,
  previous_expires_at = $4,
  secret = $3
WHERE id = $1 AND ($2::text IS NULL OR owner_key_id = $2)
