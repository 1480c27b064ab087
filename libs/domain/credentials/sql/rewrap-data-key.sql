UPDATE data_key SET master_key_id = $2, wrapped = $3 WHERE id = $1
