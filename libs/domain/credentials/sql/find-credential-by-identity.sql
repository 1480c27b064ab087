-- $1 identity
SELECT id, upstream, kind, label, identity, secret, base_url AS "baseUrl", models, limits, weight, tags, enabled,
       allow_private_network AS "allowPrivateNetwork", demo, state, reason, next_try_at AS "nextTryAt", notes, settings, counters,
       created_at AS "createdAt", updated_at AS "updatedAt"
FROM credential
WHERE identity = $1
