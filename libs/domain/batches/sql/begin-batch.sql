-- $1 id, $2 holder, $3 how many lines, $4 their model, $5 now
UPDATE batch SET status = 'in_progress', total = $3, model = $4, in_progress_at = $5, holder = NULL, held_until = NULL
WHERE id = $1 AND holder = $2 AND status = 'validating'
