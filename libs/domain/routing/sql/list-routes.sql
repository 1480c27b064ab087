SELECT model, targets, strategy, created_at AS "createdAt", updated_at AS "updatedAt" FROM route ORDER BY model
