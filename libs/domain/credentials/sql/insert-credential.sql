-- Adds nothing where the identity is there already: then it answers no row.
INSERT INTO credential (id, upstream, kind, label, identity, secret, base_url, models, limits, weight, tags, enabled, allow_private_network, demo, notes)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
ON CONFLICT (identity) DO NOTHING
RETURNING id
