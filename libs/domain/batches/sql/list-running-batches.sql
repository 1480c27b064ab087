-- Those of keys that open something now: others rest until their time is over.
-- $1 now
SELECT batch.id, batch.owner_key_id, batch.endpoint
FROM batch
JOIN api_key AS key ON key.id = batch.owner_key_id
WHERE
  batch.finished_at IS NULL AND batch.status = 'in_progress' AND batch.expires_at > $1
  AND key.enabled AND key.revoked_at IS NULL AND (key.expires_at IS NULL OR key.expires_at > $1)
ORDER BY batch.id
