-- $1 hash: of the key as it is, or of the one before the last rotation, which ends at its own time
SELECT id, name, hash, last_four AS "lastFour", limits, enabled, expires_at AS "expiresAt", created_at AS "createdAt",
       updated_at AS "updatedAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt", previous_expires_at AS "previousExpiresAt"
FROM api_key
WHERE hash = $1
UNION ALL
SELECT id, name, previous_hash, last_four, limits, enabled, least(expires_at, previous_expires_at), created_at,
       updated_at, last_used_at, revoked_at, previous_expires_at
FROM api_key
WHERE previous_hash = $1
