import { request } from 'undici';
import { videoModels } from '../upstream/videos-model.js';
import type { DurableStand } from './durable-stand.js';

const NAME = 'in-flight';

/** Old enough to be looked at at the longest interval; due for the first time within it, evenly. */
const INSERT = `
INSERT INTO durable_generation (
  id, kind, owner_key_id, dialect, model, targets, queue_upstream, input, state, attempt, lease_id, upstream,
  upstream_model, credential_id, base_url, operation, operation_key, request_id, created_at, deadline_at, submitted_at,
  started_at, poll_at
)
SELECT 'gen_bench' || lpad(n::text, 23, '0'), 'video', 'bench', 'openai-videos', $2, '[{"upstream":"sora","model":"' || $2 || '"}]',
       'sora', '{"kind":"video","request":{"model":"' || $2 || '","prompt":"${NAME} ' || n || '"}}', 'submitted', 1, 'lease_bench' || n, 'sora',
       $2, $3, $4, '{"id":"${NAME}-' || n || '","acceptedAtMs":0}', '${NAME}-' || n, 'bench', now() - interval '200 s',
       now() + interval '1 hour', now() - interval '200 s', now() - interval '200 s',
       now() + (n % 10000) * interval '1 ms' * 10000 / least(10000, $1)
FROM generate_series(0, $1 - 1) AS n`;

/** Puts so many running videos in the place of those that were there, here and at the vendor. */
export async function fillVideos({ postgres, vendorUrl, credentialIds }: DurableStand, count: number): Promise<void> {
  const model = videoModels.endless;
  await request(`${vendorUrl}/fill`, {
    method: 'POST',
    body: JSON.stringify({ account: model, name: NAME, count: Math.max(count, 0) }),
  }).then(({ body }) => body.dump());
  await postgres.query({ text: 'DELETE FROM durable_generation WHERE model = $1', values: [model] });
  if (count === 0) return;
  await postgres.query({ text: INSERT, values: [count, model, credentialIds[model], `${vendorUrl}/v1`] });
  await postgres.query({ text: 'ANALYZE durable_generation' });
}
