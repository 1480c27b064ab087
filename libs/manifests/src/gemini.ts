import { z } from 'zod';
import { geminiBalanceFormat } from './gemini-import.js';
import type { UpstreamManifest } from './upstream-manifest.js';

const GIBIBYTE = 1024 * 1024 * 1024;

const keySecret = z.strictObject({ apiKey: z.string().trim().min(1) });

/** Google's Gemini API: keys of AI Studio, and those of Vertex AI in express mode. */
export const geminiManifest = {
  id: 'gemini',
  displayName: 'Gemini',
  worker: 'gemini-worker',
  queues: ['interactive', 'durable'],
  uses: ['chat', 'embedding', 'speech', 'transcription', 'image', 'video'],
  nativeDialects: ['gemini-generate'],
  signsToolCalls: true,
  fetchesNoPictures: true,
  holdsFiles: { kind: 'api-key', mostBytes: 2 * GIBIBYTE },
  kinds: {
    'api-key': {
      secret: keySecret,
      // Without a version: the adapter adds it where the operator wrote none.
      defaultBaseUrl: 'https://generativelanguage.googleapis.com',
      originPath: '',
      lineField: 'apiKey',
    },
    'vertex-express': {
      secret: keySecret,
      defaultBaseUrl: 'https://aiplatform.googleapis.com/v1beta1/publishers/google',
      originPath: '/v1beta1/publishers/google',
      lineField: 'apiKey',
    },
  },
  models: [],
  firstKeys: [
    { kind: 'api-key', variable: 'GEMINI_API_KEYS', secretField: 'apiKey', baseUrlVariable: 'GEMINI_BASE_URL' },
    { kind: 'vertex-express', variable: 'VERTEX_EXPRESS_API_KEYS', secretField: 'apiKey' },
  ],
  importFormats: [geminiBalanceFormat],
  demo: {
    kind: 'api-key',
    path: '/gemini',
    secret: { apiKey: 'sim-demo-gemini' },
    models: [
      'sim-gemini-3.5-flash',
      'sim-gemini-3.1-pro',
      'sim-gemini-2.5-flash',
      'sim-gemini-2.0-flash',
      'sim-gemini-embedding',
      'sim-gemini-3-pro-image',
      'sim-gemini-2.5-flash-tts',
      'sim-imagen-4',
      'sim-veo',
    ],
  },
} as const satisfies UpstreamManifest;
