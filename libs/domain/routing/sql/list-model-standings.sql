SELECT
  upstream,
  upstream_model AS "model",
  count(*) FILTER (WHERE status = 'succeeded')::int AS "succeeded",
  count(*) FILTER (WHERE status = 'failed')::int AS "failed",
  max(finished_at) FILTER (WHERE status = 'succeeded') AS "lastSucceededAt",
  max(finished_at) FILTER (WHERE status = 'failed') AS "lastFailedAt"
FROM (
  SELECT upstream, upstream_model, status, finished_at, error
  FROM generation
  WHERE id > $1 AND created_at > $2 AND upstream IS NOT NULL
  ORDER BY id DESC
  LIMIT 20000
) AS recent
WHERE status = 'succeeded' OR (status = 'failed' AND error ->> 'code' LIKE 'upstream%')
GROUP BY upstream, upstream_model
