INSERT INTO route (model, targets, strategy) VALUES ($1, $2, $3)
ON CONFLICT (model) DO UPDATE SET targets = excluded.targets, strategy = excluded.strategy, updated_at = now()
