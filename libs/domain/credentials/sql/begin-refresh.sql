-- $1 id, $2 the intent as JSON, $3 intents begun before this time (ms) are given up, $4 the sealed secret that has run out:
-- when it is another by now, somebody has refreshed it. Answers a row to the one who may.
UPDATE credential
SET counters = jsonb_set(counters, '{refresh}', $2::jsonb)
WHERE id = $1 AND secret = $4 AND (counters -> 'refresh' IS NULL OR (counters -> 'refresh' ->> 'startedAtMs')::float8 < $3)
RETURNING (SELECT old.counters -> 'refresh' FROM credential AS old WHERE old.id = $1) AS "formerIntent"
