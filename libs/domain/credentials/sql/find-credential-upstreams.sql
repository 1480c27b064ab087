-- $1 ids
SELECT id, upstream FROM credential WHERE id = ANY ($1::text[])
