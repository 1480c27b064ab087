-- $1 id, $2 status, $3 members, $4 output items, $5 event log. The first to say how it ended is right for good.
UPDATE response SET
  status = CASE WHEN members IS NULL THEN $2 ELSE status END,
  members = coalesce(members, $3),
  output = coalesce(output, $4),
  parts = coalesce(parts, $5)
WHERE id = $1
RETURNING members, output
