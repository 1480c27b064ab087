-- $1 upstream or null, $2 and $3 created_at and id of the last one seen or null, $4 how many
SELECT id, upstream, kind, label, identity, secret, base_url AS "baseUrl", models, limits, weight, tags, enabled,
       allow_private_network AS "allowPrivateNetwork", demo, state, reason, next_try_at AS "nextTryAt", notes, settings, counters,
       created_at AS "createdAt", updated_at AS "updatedAt"
FROM credential
WHERE ($1::text IS NULL OR upstream = $1)
  AND ($2::timestamptz IS NULL OR (created_at, id) > ($2::timestamptz, $3::text))
ORDER BY created_at, id
LIMIT $4
