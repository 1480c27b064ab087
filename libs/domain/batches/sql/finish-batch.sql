-- $1 id, $2 holder, $3 file of answers or null, $4 file of failures or null, $5 now
UPDATE batch
SET status = outcome, output_file_id = $3, error_file_id = $4, finished_at = $5, holder = NULL, held_until = NULL
WHERE id = $1 AND holder = $2 AND status IN ('finalizing', 'cancelling')
RETURNING id
