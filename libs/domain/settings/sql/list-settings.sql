SELECT name, value, updated_at AS "updatedAt" FROM setting WHERE name = ANY($1)
