-- $1 media keys
DELETE FROM client_file WHERE media_key = ANY ($1)
