-- $1 ids; with those who share a quota with them. Rests are kept in counters, which tell nobody: so every replica is told here.
WITH quota AS (
  SELECT DISTINCT upstream, settings ->> 'quotaGroup' AS name
  FROM credential
  WHERE id = ANY ($1::text[]) AND settings ->> 'quotaGroup' IS NOT NULL
), changed AS (
  UPDATE credential
  SET counters = counters - 'rests'
  WHERE counters -> 'rests' IS NOT NULL
    AND (id = ANY ($1::text[]) OR (upstream, settings ->> 'quotaGroup') IN (SELECT upstream, name FROM quota))
  RETURNING id
)
SELECT pg_notify('sluice_changed', json_build_object('table', 'credential', 'id', id)::text) FROM changed
