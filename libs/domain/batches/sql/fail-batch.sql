-- $1 id, $2 holder, $3 problems, $4 now
UPDATE batch SET status = 'failed', problems = $3, finished_at = $4, holder = NULL, held_until = NULL
WHERE id = $1 AND holder = $2 AND status = 'validating'
