-- What the enabled credentials say of models. A null model: some of them serve every model of their upstream.
SELECT upstream, demo, kind, settings ->> 'plan' AS plan, named.model, min(created_at) AS "createdAt"
FROM credential
LEFT JOIN LATERAL unnest(models) AS named (model) ON TRUE
WHERE enabled
GROUP BY upstream, demo, kind, plan, named.model
