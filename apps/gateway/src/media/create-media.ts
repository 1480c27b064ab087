import type { Clock } from '@sluice/contracts/clock';
import { MediaIntake } from '@sluice/domain-assets/media-intake';
import { MediaRetention } from '@sluice/domain-assets/media-retention';
import { startChores } from '@sluice/domain-generations/chores';
import { forgetClientFiles } from '@sluice/domain-files/file-statements';
import { forgetFiles } from '@sluice/domain-generations/step-statements';
import { createFetchPublic } from '@sluice/platform-http/fetch-public';
import { createHttpAgents } from '@sluice/platform-http/http-agents';
import { createHttpPort } from '@sluice/platform-http/create-http-port';
import type { Settings } from '@sluice/domain-settings/settings';
import { createUrlSigner } from '@sluice/platform-media/url-signer';
import type { GatewayConfig } from '../gateway-environment.js';
import type { GatewayStores } from '../gateway-stores.js';
import { MediaLinks } from './media-links.js';

const CONNECT_TIMEOUT_MS = 5_000;
const CONNECTIONS_PER_ORIGIN = 16;
const LINK_PURPOSE = 'media-links';
const SWEEP_MS = 60 * 60_000;

/** What the gateway does with files: takes them in, links to them, and drops them when there are too many. */
export function createMedia(options: {
  config: GatewayConfig;
  stores: Pick<GatewayStores, 'media' | 'postgres'>;
  vault: { derive(purpose: string): Buffer };
  settings: Pick<Settings, 'get'>;
  clock: Clock;
  onError(error: unknown): void;
}) {
  const { config, stores, vault, settings, clock, onError } = options;
  const { postgres } = stores;
  const agents = createHttpAgents({
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    connectionsPerOrigin: CONNECTIONS_PER_ORIGIN,
  });
  const http = createHttpPort({ allowPrivateNetwork: config.SLUICE_FETCH_PRIVATE, agents });
  const retention = new MediaRetention({
    store: stores.media,
    clock,
    retentionMs: config.SLUICE_MEDIA_RETENTION_MS,
    maximumBytes: config.SLUICE_MEDIA_MAX_BYTES,
    forget: (ids) => forgetFiles.run(postgres, ids),
    forgetKept: (keys) => forgetClientFiles.run(postgres, keys),
  });
  const sweep = { name: 'media-retention', everyMs: SWEEP_MS, run: () => retention.sweep() };
  const stopChores = startChores({ postgres, chores: [sweep], clock, onError });
  return {
    store: stores.media,
    intake: new MediaIntake({
      store: stores.media,
      fetchPublic: createFetchPublic(http),
      clock,
      maximumBytes: config.SLUICE_MAX_UPLOAD_BYTES,
    }),
    links: new MediaLinks({
      signer: createUrlSigner(vault.derive(LINK_PURPOSE)),
      clock,
      lifeMs: config.SLUICE_MEDIA_URL_MS,
      get publicUrl() {
        return settings.get('PUBLIC_URL') ?? config.SLUICE_PUBLIC_URL;
      },
    }),
    async close() {
      stopChores();
      await agents.close();
    },
  };
}

export type Media = ReturnType<typeof createMedia>;
