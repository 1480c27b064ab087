-- What failed, the newest first: interactive rows and durable ones. Ids begin with their time, so both tables are read along
-- their keys, from the end of the time that is asked for.
-- $1, $2  from this id on, and before that one
-- $3, $4  the same as times, by which partitions are left out
-- $5 … $9  upstream, credential, model as the client asked for it, owner, code of the error; null for all
-- $10  a part of the error's message, as a pattern of LIKE; null for all
-- $11  how many
WITH interactive AS (
  SELECT id, created_at, finished_at, kind, dialect, model, upstream, upstream_model, credential_id, owner_key_id, attempt,
    request_id, error
  FROM generation
  WHERE
    status = 'failed' AND id >= $1 AND id < $2 AND created_at >= $3::timestamptz AND created_at <= $4::timestamptz
    AND ($5::text IS NULL OR upstream = $5)
    AND ($6::text IS NULL OR credential_id = $6)
    AND ($7::text IS NULL OR model = $7)
    AND ($8::text IS NULL OR owner_key_id = $8)
    AND ($9::text IS NULL OR error ->> 'code' = $9)
    AND ($10::text IS NULL OR error ->> 'message' ILIKE $10)
  ORDER BY id DESC
  LIMIT $11
), durable AS (
  SELECT id, created_at, finished_at, kind, dialect, model, upstream, upstream_model, credential_id, owner_key_id, attempt,
    request_id, error::jsonb AS error
  FROM durable_generation
  WHERE
    state IN ('failed', 'expired') AND id >= $1 AND id < $2
    AND ($5::text IS NULL OR upstream = $5)
    AND ($6::text IS NULL OR credential_id = $6)
    AND ($7::text IS NULL OR model = $7)
    AND ($8::text IS NULL OR owner_key_id = $8)
    AND ($9::text IS NULL OR error::jsonb ->> 'code' = $9)
    AND ($10::text IS NULL OR error::jsonb ->> 'message' ILIKE $10)
  ORDER BY id DESC
  LIMIT $11
)
SELECT * FROM (SELECT * FROM interactive UNION ALL SELECT * FROM durable) AS failed
ORDER BY id DESC
LIMIT $11
