-- $1 array of rows. A row whose identity is there already is left out: only what was added is answered.
INSERT INTO credential (id, upstream, kind, label, identity, secret, base_url, models, limits, weight, tags, enabled,
                        allow_private_network, demo, notes, settings)
SELECT id, upstream, kind, label, identity, decode(secret, 'base64'), "baseUrl", models, limits, weight, tags, enabled,
       "allowPrivateNetwork", demo, notes, settings
FROM json_to_recordset($1::json) AS given (
  id text, upstream text, kind text, label text, identity text, secret text, "baseUrl" text, models text[], limits jsonb,
  weight integer, tags text[], enabled boolean, "allowPrivateNetwork" boolean, demo boolean, notes text, settings jsonb
)
ON CONFLICT (identity) DO NOTHING
RETURNING id
