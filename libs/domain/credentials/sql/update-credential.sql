-- $15: forget what was held against it
UPDATE credential
SET label = $2, identity = $3, secret = $4, base_url = $5, models = $6, limits = $7, weight = $8, tags = $9, enabled = $10,
    allow_private_network = $11, demo = $12, notes = $13, updated_at = $14,
    state = CASE WHEN $15 THEN 'ready' ELSE state END,
    reason = CASE WHEN $15 THEN NULL ELSE reason END,
    next_try_at = CASE WHEN $15 THEN NULL ELSE next_try_at END
WHERE id = $1
