-- The slots that rows stand for.
-- $1  upstreams, or null for all
SELECT upstream, credential_id, upstream_model, lease_id, kind
FROM durable_generation
WHERE lease_id IS NOT NULL AND ($1::text[] IS NULL OR upstream = ANY ($1))
