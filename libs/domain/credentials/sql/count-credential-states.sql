-- $1 now. States as operators see them: a rest whose end is past is over, and of whose use nothing is left has no quota.
SELECT upstream, demo, state, count(*) AS count, min(next_try_at) FILTER (WHERE state NOT IN ('ready', 'disabled')) AS "nextTryAt"
FROM (
  SELECT upstream, demo,
         CASE WHEN NOT enabled THEN 'disabled'
              WHEN (state = 'ready' OR is_over) AND quota_resets_at IS NOT NULL THEN 'quota_exhausted'
              WHEN is_over THEN 'ready'
              ELSE state END AS state,
         CASE WHEN state = 'ready' OR is_over THEN quota_resets_at WHEN next_try_at > $1 THEN next_try_at END AS next_try_at
  FROM credential,
       LATERAL (SELECT state IN ('rate_limited', 'quota_exhausted') AND COALESCE(next_try_at <= $1, false) AS is_over) AS rest,
       LATERAL (
         SELECT min(to_timestamp((quota ->> 'resetAtMs')::float8 / 1000)) AS quota_resets_at
         FROM jsonb_array_elements(COALESCE(counters -> 'quotas', '[]')) AS quota
         WHERE quota ->> 'model' = '*' AND (quota ->> 'remaining')::float8 = 0
           AND (quota ->> 'resetAtMs')::float8 > extract(epoch FROM $1::timestamptz) * 1000
       ) AS used_up
) AS shown
GROUP BY 1, 2, 3
