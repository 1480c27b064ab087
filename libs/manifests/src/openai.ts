import { z } from 'zod';
import type { UpstreamManifest } from './upstream-manifest.js';

const keyText = z.string().trim().min(1);

/** `{"keys":["sk-…"],"base_url":"https://…"}`, as relays keep the keys of one vendor. */
const keyListSchema = z
  .strictObject({ keys: z.array(keyText), base_url: z.string().optional(), models: z.array(keyText).min(1).optional() })
  .transform(({ keys, base_url: baseUrl, models }) =>
    keys.map((apiKey) => ({
      kind: 'api-key',
      secret: { apiKey },
      ...(baseUrl !== undefined && { baseUrl }),
      ...(models && { models }),
    })),
  );

/** What names a visitor to DeGPT: its page makes one up per browser. */
const visitorId = z
  .string()
  .trim()
  .regex(/^[0-9a-f]{32}$/i, 'must be 32 hexadecimal digits');

/** Any vendor that speaks OpenAI's protocols. Its models are named by credentials and routes. */
export const openaiManifest = {
  id: 'openai',
  displayName: 'OpenAI-compatible',
  worker: 'openai-worker',
  queues: ['interactive', 'durable'],
  uses: ['chat', 'embedding', 'speech', 'transcription', 'moderation', 'image'],
  nativeDialects: ['openai-chat', 'openai-embeddings', 'openai-audio'],
  kinds: {
    'api-key': {
      secret: z.strictObject({ apiKey: z.string().trim().min(1) }),
      defaultBaseUrl: 'https://api.openai.com/v1',
      originPath: '/v1',
      lineField: 'apiKey',
    },
    /** DeGPT: the operator's own visitor, signed in by its id alone; `token` is the session that it was given. */
    degpt: {
      secret: z.strictObject({ id: visitorId, token: keyText.optional() }),
      defaultBaseUrl: 'https://www.degpt.ai/api',
      originPath: '/api',
      lineField: 'id',
      isSession: true,
    },
  },
  models: [],
  firstKeys: [
    { kind: 'api-key', variable: 'OPENAI_API_KEY', secretField: 'apiKey', baseUrlVariable: 'OPENAI_BASE_URL' },
  ],
  importFormats: [{ name: 'key list', schema: keyListSchema }],
  demo: {
    kind: 'api-key',
    path: '/v1',
    secret: { apiKey: 'sim-demo' },
    models: [
      'sim-chat',
      'sim-reasoner',
      'sim-vision',
      'sim-embedding',
      'sim-speech',
      'sim-transcribe',
      'sim-image',
      'omni-moderation-latest',
    ],
  },
} as const satisfies UpstreamManifest;
