-- Answers a row only the first time: then there is nothing that Redis could have lost.
INSERT INTO setting (name, value, updated_at) VALUES ('pool', '{"begun": true}', now())
ON CONFLICT (name) DO NOTHING
RETURNING name
