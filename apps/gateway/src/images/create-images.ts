import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import type { Settings } from '@sluice/domain-settings/settings';
import type { GatewayConfig } from '../gateway-environment.js';
import type { OwnedFiles } from '../files/owned-files.js';
import type { Durable } from '../generations/create-durable.js';
import type { StreamTiming } from '../generations/reply-streamed.js';
import type { ClaimRules } from '../idempotency/idempotency-claim.js';
import type { Media } from '../media/create-media.js';
import { ImageReplies } from './image-replies.service.js';
import { ImagesService } from './images.service.js';

/** What stands behind the images dialect. */
export function createImages(options: {
  config: Pick<GatewayConfig, 'SLUICE_IMAGE_WAIT_MS'>;
  durable: Durable;
  media: Media;
  files: OwnedFiles;
  resolver: RouteResolver;
  settings: Settings;
  claimRules(): ClaimRules;
  timing: StreamTiming;
}) {
  const { config, durable, media, files, resolver, settings, claimRules, timing } = options;
  const { pipeline, generations } = durable;
  const { intake, links, store } = media;
  return {
    service: new ImagesService({ pipeline, intake, files, resolver, settings, claimRules }),
    replies: new ImageReplies({
      generations,
      store,
      links,
      timing,
      waitMs: config.SLUICE_IMAGE_WAIT_MS,
    }),
  };
}

export type Images = ReturnType<typeof createImages>;
