-- What a look at an account told.
-- $1 id, $2 epoch of the lease that asked; null where an operator did. Every replica hears of it by the epoch.
-- $3 JSON object of what the counters gain, $4 plan or null, $5 a name for one that nobody has named, or null
UPDATE credential
SET counters = counters || $3::jsonb,
    settings = CASE WHEN $4::text IS NULL THEN settings ELSE settings || jsonb_build_object('plan', $4::text) END,
    label = CASE WHEN label = upstream || ' ' || kind THEN COALESCE($5::text, label) ELSE label END,
    epoch = COALESCE($2::bigint, epoch + 1)
WHERE id = $1 AND ($2::bigint IS NULL OR epoch < $2)
