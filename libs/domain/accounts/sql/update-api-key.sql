-- Null leaves a field as it is; $6 says whether $5 is meant, since an expiry can be taken away.
UPDATE api_key
SET name = coalesce($2, name), limits = coalesce($3::jsonb, limits), enabled = coalesce($4, enabled),
    expires_at = CASE WHEN $6 THEN $5::timestamptz ELSE expires_at END, updated_at = now()
WHERE id = $1
