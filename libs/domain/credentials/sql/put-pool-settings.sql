-- $1 upstream, $2 JSON
INSERT INTO setting (name, value, updated_at) VALUES ('pool:' || $1::text, $2::jsonb, now())
ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value, updated_at = now()
