-- $1 batch
SELECT generation_id FROM batch_line WHERE batch_id = $1 AND generation_id IS NOT NULL AND is_failed IS NULL
