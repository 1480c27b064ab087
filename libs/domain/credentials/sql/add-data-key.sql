INSERT INTO data_key (id, master_key_id, wrapped) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING
