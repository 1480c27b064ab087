-- $1 ids of those that share it, $2 model, $3 the rest as JSON, $4 now in ms: what is over by then is forgotten
UPDATE credential
SET counters = jsonb_set(counters, '{rests}', jsonb_build_object($2::text, $3::jsonb) || COALESCE(
  (SELECT jsonb_object_agg(model, rest)
   FROM jsonb_each(counters -> 'rests') AS known (model, rest)
   WHERE (rest ->> 'untilMs')::float8 > CASE model WHEN $2 THEN ($3::jsonb ->> 'untilMs')::float8 ELSE $4::float8 END),
  '{}'))
WHERE id = ANY ($1::text[])
