import type { Clock } from '@sluice/contracts/clock';
import type { Settings } from '@sluice/domain-settings/settings';
import type { SecretVault } from '@sluice/domain-webhooks/secret-vault';
import { WebhookCourier } from '@sluice/domain-webhooks/webhook-courier';
import { WebhookDeliverer } from '@sluice/domain-webhooks/webhook-deliverer';
import { WebhookEndpoints } from '@sluice/domain-webhooks/webhook-endpoints';
import { WebhookHistory } from '@sluice/domain-webhooks/webhook-history';
import { createHttpAgents, type HttpAgents } from '@sluice/platform-http/http-agents';
import { createHttpPort } from '@sluice/platform-http/create-http-port';
import type { GatewayStores } from '../gateway-stores.js';
import { WEBHOOK_HEADER } from '../http/call-context.js';

const CONNECT_TIMEOUT_MS = 5_000;
const CONNECTIONS_PER_ORIGIN = 8;
/** Told by the database when an event is written. */
const CHANNEL = 'sluice_webhook';

/** Webhooks: their endpoints, their history, and a deliverer that works beside those of the other replicas. */
export function createWebhooks(options: {
  stores: Pick<GatewayStores, 'postgres' | 'listener' | 'metrics'>;
  vault: SecretVault;
  settings: Settings;
  clock: Clock;
  onError(error: unknown): void;
}) {
  const { stores, vault, settings, clock, onError } = options;
  const { postgres, listener } = stores;
  const agents = createHttpAgents({
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    connectionsPerOrigin: CONNECTIONS_PER_ORIGIN,
  });
  const courier = createCourier({ ...options, agents });
  const deliverer = new WebhookDeliverer({ postgres, courier, clock, onError });
  const wake = () => deliverer.wake();
  const endpoints = new WebhookEndpoints({ postgres, vault, clock, requestHeader: WEBHOOK_HEADER });
  const history = new WebhookHistory({ postgres, endpoints, clock, wake });
  deliverer.start();
  const stopListening = listener.subscribe({ channel: CHANNEL, onNotification: wake, onGap: wake });
  return {
    endpoints,
    history,
    admit: (keyId: string, url: string) => endpoints.admitRequestUrl(keyId, url),
    purge: () => history.purge(settings.get('WEBHOOK_RETENTION_MS')),
    async close() {
      stopListening();
      await deliverer.stop();
      await agents.close();
    },
  };
}

export type Webhooks = ReturnType<typeof createWebhooks>;

function createCourier(options: {
  stores: Pick<GatewayStores, 'postgres' | 'metrics'>;
  vault: SecretVault;
  agents: HttpAgents;
  clock: Clock;
}): WebhookCourier {
  const { stores, vault, agents, clock } = options;
  const guarded = createHttpPort({ allowPrivateNetwork: false, agents });
  const open = createHttpPort({ allowPrivateNetwork: true, agents });
  const attempts = stores.metrics.counter({
    name: 'sluice_webhook_attempts_total',
    help: 'Attempts at delivering an event, by what the delivery is afterwards.',
    labels: ['state'],
  });
  return new WebhookCourier({
    postgres: stores.postgres,
    vault,
    httpFor: ({ allowPrivateNetwork }) => (allowPrivateNetwork ? open : guarded),
    clock,
    onAttempt: (state) => attempts.add({ state }),
  });
}
