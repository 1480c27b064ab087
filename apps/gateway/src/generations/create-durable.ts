import type { Clock } from '@sluice/contracts/clock';
import { createDurableGenerations } from '@sluice/domain-generations/create-durable-generations';
import type { LiveNames } from '@sluice/domain-generations/live-channel';
import type { Settings } from '@sluice/domain-settings/settings';
import type { SoraNamesBind } from '@sluice/domain-settings/sora-names-bind';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import type { Producer } from '@sluice/platform-queue/create-producer';
import type { GatewayStores } from '../gateway-stores.js';
import { DurablePipeline } from './durable-pipeline.service.js';

/** All that the gateway does with durable generations. */
export function createDurable(options: {
  stores: Pick<GatewayStores, 'postgres' | 'redis' | 'subscriber'>;
  producer: Producer;
  resolver: RouteResolver;
  names: LiveNames;
  admitWebhook(keyId: string, url: string): Promise<string>;
  soraNamesBind(): SoraNamesBind;
  settings: Pick<Settings, 'get'>;
  clock: Clock;
  onError(error: unknown): void;
}) {
  const { stores, resolver, admitWebhook, soraNamesBind, settings, clock } = options;
  const domain = createDurableGenerations({ ...options, ...stores });
  domain.reader.start();
  return {
    ...domain,
    pipeline: new DurablePipeline({
      resolver,
      generations: domain.generations,
      admitWebhook,
      soraNamesBind,
      lifeMs: (kind) => (kind === 'video' || kind === 'image' ? settings.get('TIME_LIMITS')[kind] : undefined),
      clock,
    }),
  };
}

export type Durable = ReturnType<typeof createDurable>;
