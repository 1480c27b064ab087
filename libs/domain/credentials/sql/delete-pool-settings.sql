-- $1 upstream
DELETE FROM setting WHERE name = 'pool:' || $1::text
