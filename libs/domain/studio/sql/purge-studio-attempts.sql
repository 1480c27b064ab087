-- $1  now
DELETE FROM studio_attempt WHERE resets_at <= $1
