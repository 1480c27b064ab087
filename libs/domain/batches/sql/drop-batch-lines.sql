-- $1 batch
DELETE FROM batch_line WHERE batch_id = $1
