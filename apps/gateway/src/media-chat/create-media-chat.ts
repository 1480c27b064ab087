import type { Clock } from '@sluice/contracts/clock';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import type { Settings } from '@sluice/domain-settings/settings';
import type { GatewayConfig } from '../gateway-environment.js';
import type { AroundCall } from '../generations/around-call.js';
import type { OwnedFiles } from '../files/owned-files.js';
import type { Durable } from '../generations/create-durable.js';
import type { ClaimRules } from '../idempotency/idempotency-claim.js';
import type { Media } from '../media/create-media.js';
import { MediaChat } from './media-chat.service.js';

/** What answers conversations with models that make videos or pictures. */
export function createMediaChat(options: {
  config: Pick<GatewayConfig, 'SLUICE_IMAGE_WAIT_MS'>;
  durable: Pick<Durable, 'pipeline' | 'generations' | 'places'>;
  media: Pick<Media, 'intake' | 'store' | 'links'>;
  files: OwnedFiles;
  resolver: RouteResolver;
  settings: Settings;
  beforehand: AroundCall;
  claimRules(): ClaimRules;
  clock: Clock;
}): MediaChat {
  const { config, durable, media, ...rest } = options;
  const { pipeline, generations, places } = durable;
  const { intake, store, links } = media;
  const waitMs = config.SLUICE_IMAGE_WAIT_MS;
  return new MediaChat({ ...rest, pipeline, generations, places, intake, store, links, waitMs });
}
