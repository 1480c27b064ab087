-- $1 identities, $2 labels, where those tell who is meant. In one order for everybody: two imports at once wait for each other, never crosswise.
SELECT id, upstream, kind, label, identity, secret, base_url AS "baseUrl", models, limits, weight, tags, enabled,
       allow_private_network AS "allowPrivateNetwork", demo, state, reason, next_try_at AS "nextTryAt", notes, settings, counters,
       created_at AS "createdAt", updated_at AS "updatedAt"
FROM credential
WHERE identity = ANY ($1::text[]) OR label = ANY ($2::text[])
ORDER BY id
FOR UPDATE
