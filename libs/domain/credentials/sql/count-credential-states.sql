-- $1 now. States as operators see them: a rest whose end is past is over.
SELECT upstream, demo,
       CASE WHEN NOT enabled THEN 'disabled'
            WHEN state IN ('rate_limited', 'quota_exhausted') AND next_try_at <= $1 THEN 'ready'
            ELSE state END AS state,
       count(*) AS count,
       min(next_try_at) FILTER (WHERE enabled AND state <> 'ready' AND next_try_at > $1) AS "nextTryAt"
FROM credential
GROUP BY 1, 2, 3
