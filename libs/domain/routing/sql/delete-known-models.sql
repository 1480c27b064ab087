DELETE FROM setting WHERE name = 'models:' || $1
