import { z } from 'zod';
import { grokConfigFormat, grokKeysFormat, grokTokensFormat } from './grok-import.js';
import { GROK_WEB_MODELS } from './grok-models.js';
import { sessionSecret } from './grok-session.js';
import type { UpstreamManifest } from './upstream-manifest.js';

const HOUR_MS = 3_600_000;
const OFFICIAL: ReadonlySet<string> = new Set(['grok-3', 'grok-3-mini', 'grok-4']);

/** Grok: keys of xAI's official API, and sessions of its website for accounts that the operator owns. */
export const grokManifest = {
  id: 'grok',
  displayName: 'Grok',
  worker: 'grok-worker',
  queues: ['interactive', 'durable'],
  uses: ['chat', 'image', 'video'],
  nativeDialects: ['openai-chat'],
  kinds: {
    'api-key': {
      secret: z.strictObject({ apiKey: z.string().trim().min(1) }),
      defaultBaseUrl: 'https://api.x.ai/v1',
      originPath: '/v1',
      lineField: 'apiKey',
    },
    session: {
      secret: sessionSecret,
      defaultBaseUrl: 'https://grok.com',
      originPath: '',
      lineField: 'sso',
      onlyListed: true,
      tellsQuotas: true,
      firstGuess: { basic: { count: 80, perMs: 20 * HOUR_MS } },
    },
  },
  // The official API has names of its own, some of these among them.
  models: GROK_WEB_MODELS.map(({ id, use, plans, cost }) => ({
    id,
    uses: [use],
    plans,
    cost,
    kinds: OFFICIAL.has(id) ? ['api-key', 'session'] : ['session'],
  })),
  plans: ['basic', 'super'],
  firstKeys: [{ kind: 'api-key', variable: 'XAI_API_KEY', secretField: 'apiKey', baseUrlVariable: 'XAI_BASE_URL' }],
  importFormats: [grokTokensFormat, grokKeysFormat, grokConfigFormat],
  demo: {
    kind: 'api-key',
    path: '/xai/v1',
    secret: { apiKey: 'sim-demo-xai' },
    models: ['sim-grok-4.5', 'sim-grok-4.3', 'sim-grok-imagine-image', 'sim-grok-imagine-video'],
  },
} as const satisfies UpstreamManifest;
