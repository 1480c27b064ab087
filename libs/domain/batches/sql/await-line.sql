-- $1 batch, $2 number, $3 holder, $4 generation
UPDATE batch_line SET holder = NULL, due_at = NULL, generation_id = $4
WHERE batch_id = $1 AND number = $2 AND holder = $3 AND due_at IS NOT NULL
