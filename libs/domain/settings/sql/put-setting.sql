-- Tells nobody where nothing changed.
INSERT INTO setting (name, value) VALUES ($1, $2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = now() WHERE setting.value IS DISTINCT FROM excluded.value
