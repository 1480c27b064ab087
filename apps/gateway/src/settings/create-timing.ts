import type { Clock } from '@sluice/contracts/clock';
import type { Settings } from '@sluice/domain-settings/settings';
import type { GatewayConfig } from '../gateway-environment.js';
import type { StreamTiming } from '../generations/reply-streamed.js';

/** How streams are kept alive: as the operator says now, else as the gateway was started. */
export function createTiming(options: {
  config: Pick<GatewayConfig, 'SLUICE_HOLD_MS' | 'SLUICE_HEARTBEAT_MS'>;
  settings: Pick<Settings, 'get'>;
  clock: Clock;
}): StreamTiming {
  const { config, settings, clock } = options;
  return {
    clock,
    holdMs: config.SLUICE_HOLD_MS,
    get heartbeatMs() {
      return settings.get('HEARTBEAT_MS') ?? config.SLUICE_HEARTBEAT_MS;
    },
  };
}
