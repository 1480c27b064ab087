-- $1 ended before
DELETE FROM batch WHERE finished_at < $1
