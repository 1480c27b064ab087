-- Counts an attempt. A span that is over begins anew.
-- $1  subject
-- $2  now
-- $3  end of a span that begins now
INSERT INTO studio_attempt AS attempt (subject, count, resets_at)
VALUES ($1, 1, $3)
ON CONFLICT (subject) DO UPDATE SET
  count = CASE WHEN attempt.resets_at <= $2 THEN 1 ELSE attempt.count + 1 END,
  resets_at = CASE WHEN attempt.resets_at <= $2 THEN excluded.resets_at ELSE attempt.resets_at END
RETURNING count, resets_at
