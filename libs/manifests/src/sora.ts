import { z } from 'zod';
import { soraExportFormat } from './sora-import.js';
import { SORA_PLANS, SORA_WEB_MODELS } from './sora-models.js';
import { soraSessionSecret } from './sora-session.js';
import type { UpstreamManifest } from './upstream-manifest.js';

/**
 * Videos by whoever speaks the protocol that Sora left behind, whose models are named by credentials and routes; and the historic
 * website's own protocol, which nobody serves any more but the simulator.
 */
export const soraManifest = {
  id: 'sora',
  displayName: 'Sora-compatible videos',
  worker: 'sora-worker',
  queues: ['interactive', 'durable'],
  uses: ['video', 'image', 'character', 'chat'],
  // The vendors that speak its protocol make nothing else.
  unlistedUses: ['video'],
  nativeDialects: [],
  kinds: {
    'videos-api': {
      secret: z.strictObject({ apiKey: z.string().trim().min(1) }),
      // The vendor that the shape comes from has closed; there is no other to be assumed.
      defaultBaseUrl: null,
      originPath: '/v1',
      lineField: 'apiKey',
    },
    session: {
      secret: soraSessionSecret,
      // The website has closed: whoever stands in for it is named by each credential.
      defaultBaseUrl: null,
      originPath: '',
      lineField: 'accessToken',
      onlyListed: true,
      keepsWork: true,
      isSession: true,
      tellsQuotas: true,
      care: { quotaReserve: 1, errorLimit: 3, refreshAheadMs: 24 * 60 * 60_000 },
    },
  },
  models: SORA_WEB_MODELS.map(({ id, use, plans }) => ({
    id,
    uses: [use],
    ...(plans && { plans }),
    kinds: use === 'video' || use === 'character' ? ['videos-api', 'session'] : ['session'],
  })),
  plans: SORA_PLANS,
  importFormats: [soraExportFormat],
  demo: {
    kind: 'videos-api',
    path: '/v1',
    secret: { apiKey: 'sim-demo' },
    models: ['sim-video'],
  },
} as const satisfies UpstreamManifest;
