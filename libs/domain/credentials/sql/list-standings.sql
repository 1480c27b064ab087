-- $1 id of the last one seen or empty, $2 how many. What Redis must not forget of credentials; nearly always of few of them.
SELECT id, upstream, settings ->> 'quotaGroup' AS "quotaGroup", counters -> 'windows' AS windows, counters -> 'rests' AS rests, state, next_try_at AS "nextTryAt", epoch::float8 AS epoch
FROM credential
WHERE id > $1 AND (counters -> 'windows' IS NOT NULL OR counters -> 'rests' IS NOT NULL OR (state <> 'ready' AND next_try_at > now()))
ORDER BY id
LIMIT $2
