-- $1 id
SELECT id, name, hash, last_four AS "lastFour", limits, enabled, expires_at AS "expiresAt", created_at AS "createdAt",
       updated_at AS "updatedAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt", previous_expires_at AS "previousExpiresAt"
FROM api_key
WHERE id = $1
