-- Settings `models:<upstream>`: the upstream's own list, as it was last read.
SELECT substr(name, length('models:') + 1) AS upstream, value AS models FROM setting WHERE name LIKE 'models:%'
