import { GenerationLog } from '@sluice/domain-generations/generation-log';
import type { Settings } from '@sluice/domain-settings/settings';
import type { GatewayStores } from '../gateway-stores.js';
import type { Durable } from '../generations/create-durable.js';
import { GenerationLogService } from './generation-log.service.js';

/** The operators' view of all work, on its stores. */
export function createGenerationLog(options: {
  stores: Pick<GatewayStores, 'postgres' | 'media'>;
  settings: Pick<Settings, 'get'>;
  durable: Pick<Durable, 'generations'>;
}): GenerationLogService {
  const { stores, settings, durable } = options;
  const { generations } = durable;
  return new GenerationLogService({
    log: new GenerationLog({
      postgres: stores.postgres,
      arePromptsShown: () => settings.get('SHOW_PROMPTS'),
    }),
    generations,
    findOwner: (id) => generations.ownerOf(id),
    store: stores.media,
  });
}
