import { z } from 'zod';
import type { UpstreamManifest } from './upstream-manifest.js';

/** Any vendor that speaks OpenAI's chat and embedding protocols. Its models are named by credentials and routes. */
export const openaiManifest = {
  id: 'openai',
  displayName: 'OpenAI-compatible',
  worker: 'openai-worker',
  queues: ['interactive'],
  uses: ['chat', 'embedding'],
  nativeDialects: ['openai-chat', 'openai-embeddings'],
  kinds: {
    'api-key': {
      secret: z.strictObject({ apiKey: z.string().trim().min(1) }),
      defaultBaseUrl: 'https://api.openai.com/v1',
      originPath: '/v1',
    },
  },
  models: [],
  firstKeys: [{ kind: 'api-key', variable: 'OPENAI_API_KEY', secretField: 'apiKey', baseUrlVariable: 'OPENAI_BASE_URL' }],
  demo: { kind: 'api-key', path: '/v1', secret: { apiKey: 'sim-demo' }, models: ['sim-chat', 'sim-reasoner', 'sim-vision', 'sim-embedding'] },
} as const satisfies UpstreamManifest;
