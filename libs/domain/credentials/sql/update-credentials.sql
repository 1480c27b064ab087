-- $1 array of rows; `isReset`: forget what was held against it. $2 when. In another quota group the rests of the old one say nothing.
UPDATE credential
SET label = given.label, identity = given.identity, secret = decode(given.secret, 'base64'), base_url = given."baseUrl",
    models = given.models, limits = given.limits, weight = given.weight, tags = given.tags, enabled = given.enabled,
    allow_private_network = given."allowPrivateNetwork", demo = given.demo, notes = given.notes, settings = given.settings,
    updated_at = $2,
    state = CASE WHEN given."isReset" THEN 'ready' ELSE credential.state END,
    reason = CASE WHEN given."isReset" THEN NULL ELSE credential.reason END,
    counters = CASE WHEN given.settings ->> 'quotaGroup' IS DISTINCT FROM credential.settings ->> 'quotaGroup'
      THEN credential.counters - 'rests' ELSE credential.counters END - CASE WHEN given.enabled THEN 'switchedOff' ELSE '' END,
    next_try_at = CASE WHEN given."isReset" THEN NULL ELSE credential.next_try_at END
FROM json_to_recordset($1::json) AS given (
  id text, label text, identity text, secret text, "baseUrl" text, models text[], limits jsonb, weight integer, tags text[],
  enabled boolean, "allowPrivateNetwork" boolean, demo boolean, notes text, settings jsonb, "isReset" boolean
)
WHERE credential.id = given.id
