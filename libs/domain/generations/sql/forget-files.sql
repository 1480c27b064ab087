-- $1  ids of generations whose files were deleted
UPDATE durable_generation SET files = '[]', expires_at = NULL, version = version + 1 WHERE id = ANY ($1)
