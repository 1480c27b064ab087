-- $1 media keys
SELECT media_key FROM client_file WHERE media_key = ANY ($1)
