-- In the order of the file: those that succeeded, or all others.
-- $1 batch, $2 after this number, $3 whether those that succeeded, $4 how many
SELECT number, custom_id, is_failed, answer, answer_key
FROM batch_line
WHERE batch_id = $1 AND number > $2 AND (is_failed IS FALSE) = $3
ORDER BY number
LIMIT $4
