-- $1 and $2 created_at and id of the last one seen or null, $3 how many
SELECT id, name, hash, last_four AS "lastFour", limits, enabled, expires_at AS "expiresAt", created_at AS "createdAt",
       updated_at AS "updatedAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt", previous_expires_at AS "previousExpiresAt"
FROM api_key
WHERE $1::timestamptz IS NULL OR (created_at, id) > ($1::timestamptz, $2::text)
ORDER BY created_at, id
LIMIT $3
