import { z } from 'zod';
import type { UpstreamManifest } from './upstream-manifest.js';

/** Videos by whoever speaks the protocol that Sora left behind. Its models are named by credentials and routes. */
export const soraManifest = {
  id: 'sora',
  displayName: 'Sora-compatible videos',
  worker: 'sora-worker',
  queues: ['interactive', 'durable'],
  uses: ['video'],
  nativeDialects: [],
  kinds: {
    'videos-api': {
      secret: z.strictObject({ apiKey: z.string().trim().min(1) }),
      // The vendor that the shape comes from has closed; there is no other to be assumed.
      defaultBaseUrl: null,
      originPath: '/v1',
      lineField: 'apiKey',
    },
  },
  models: [],
  demo: {
    kind: 'videos-api',
    path: '/v1',
    secret: { apiKey: 'sim-demo' },
    // The names that the studio asks for until an operator says otherwise.
    models: ['sim-video', 'sora_video2-hd-portrait-15s', 'sora_video2-hd-landscape-15s'],
  },
} as const satisfies UpstreamManifest;
