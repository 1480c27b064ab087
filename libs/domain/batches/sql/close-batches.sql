-- Those that are answered, and those whose time is over, take no further lines.
-- $1 now
UPDATE batch
SET
  status = 'finalizing', outcome = CASE WHEN status = 'in_progress' AND completed + failed = total THEN 'completed' ELSE 'expired' END,
  finalizing_at = $1, held_until = NULL
WHERE
  finished_at IS NULL
  AND (status = 'in_progress' AND completed + failed = total OR status IN ('validating', 'in_progress') AND expires_at <= $1)
RETURNING id
