-- What a look at an account told.
-- $1 id, $2 epoch of the lease that asked, against looks that came later; null where an operator did. Every replica
-- hears of it by the epoch of the row.
-- $3 JSON object of what the counters gain, $4 plan or null, $5 a name for one that nobody has named, or null
UPDATE credential
SET counters = counters || $3::jsonb || CASE WHEN $2::bigint IS NULL THEN '{}' ELSE jsonb_build_object('lookEpoch', $2::bigint) END,
    settings = CASE WHEN $4::text IS NULL THEN settings ELSE settings || jsonb_build_object('plan', $4::text) END,
    label = CASE WHEN label = upstream || ' ' || kind THEN COALESCE($5::text, label) ELSE label END,
    epoch = GREATEST($2::bigint, epoch + 1)
WHERE id = $1 AND ($2::bigint IS NULL OR COALESCE((counters ->> 'lookEpoch')::bigint, 0) < $2)
