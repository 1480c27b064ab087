-- $1 ids
SELECT id FROM batch WHERE id = ANY ($1::text[]) AND finished_at IS NULL
