-- It is due again then.
-- $1 batch, $2 number, $3 holder, $4 due at, $5 attempts that do not count
UPDATE batch_line SET holder = NULL, due_at = $4, attempts = attempts - $5::int
WHERE batch_id = $1 AND number = $2 AND holder = $3 AND due_at IS NOT NULL
