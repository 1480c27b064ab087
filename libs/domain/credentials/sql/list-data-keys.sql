SELECT id, master_key_id AS "masterKeyId", wrapped FROM data_key
