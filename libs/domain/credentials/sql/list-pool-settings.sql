SELECT substr(name, length('pool:') + 1) AS upstream, value FROM setting WHERE name LIKE 'pool:%'
