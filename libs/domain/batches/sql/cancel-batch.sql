-- Answers no row where nothing can be cancelled any more.
-- $1 id, $2 owner, $3 now
UPDATE batch
SET status = 'cancelling', outcome = 'cancelled', cancelling_at = $3, held_until = NULL
WHERE id = $1 AND owner_key_id = $2 AND status IN ('validating', 'in_progress')
RETURNING *
