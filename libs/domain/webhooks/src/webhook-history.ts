import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { parseBody } from '@sluice/contracts/parse-body';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import {
  addTestEvent,
  findDelivery,
  listAttempts,
  listDeliveries,
  purgeWebhookEvents,
  redeliver,
} from './delivery-statements.js';
import type { WebhookEndpoints } from './webhook-endpoints.js';
import { createWebhookId, firstEventIdAt } from './webhook-id.js';
import { listDeliveriesSchema } from './webhook-input.js';
import type { DeliveryRow } from './webhook-rows.js';
import type { WebhookScope } from './webhook-scope.js';
import { toAttemptView, toDeliveryView, type WebhookDeliveryView, type WebhookHistoryView } from './webhook-view.js';

export interface WebhookHistoryOptions {
  postgres: Queryable;
  endpoints: Pick<WebhookEndpoints, 'find'>;
  clock: Clock;
  /** Something is due. */
  wake(): void;
}

const PURGE_BATCH = 1_000;
const TEST_OWNER = 'operator';

/** What was told to an endpoint, and what it answered. */
export class WebhookHistory {
  constructor(private readonly options: WebhookHistoryOptions) {}

  /** The newest first. */
  async list(scope: WebhookScope, endpointId: string, query: unknown) {
    const { limit, after = null, status = null } = parseBody(listDeliveriesSchema, query);
    const { id } = await this.options.endpoints.find(scope, endpointId);
    const rows = await listDeliveries.all(this.options.postgres, id, after, status, limit + 1);
    const data = rows.slice(0, limit).map(toDeliveryView);
    return { object: 'list' as const, data, last_id: data.at(-1)?.event_id ?? null, has_more: rows.length > limit };
  }

  async get(scope: WebhookScope, endpointId: string, eventId: string): Promise<WebhookHistoryView> {
    const { id } = await this.options.endpoints.find(scope, endpointId);
    const row = await this.find(id, eventId);
    const attempts = await listAttempts.all(this.options.postgres, eventId, id);
    return { ...toDeliveryView(row), history: attempts.map(toAttemptView) };
  }

  /** The same event with the same id, at once. */
  async redeliver(scope: WebhookScope, endpointId: string, eventId: string): Promise<WebhookDeliveryView> {
    const { postgres, clock } = this.options;
    const { id } = await this.findEnabled(scope, endpointId);
    await this.find(id, eventId);
    await redeliver.run(postgres, id, eventId, new Date(clock.now()));
    this.options.wake();
    return toDeliveryView(await this.find(id, eventId));
  }

  /** Sends a `webhook.test`, which tells of nothing but itself. */
  async test(scope: WebhookScope, endpointId: string): Promise<WebhookDeliveryView> {
    const { postgres, clock } = this.options;
    const endpoint = await this.findEnabled(scope, endpointId);
    if (endpoint.url === null)
      throw new GatewayError('invalid_request', 'This one has no URL of its own to test.', { param: 'id' });
    const nowMs = clock.now();
    const eventId = createWebhookId('evt', nowMs);
    await addTestEvent.run(
      postgres,
      eventId,
      endpoint.owner_key_id ?? TEST_OWNER,
      eventId.replace('evt', 'test'),
      endpoint.id,
      new Date(nowMs),
    );
    this.options.wake();
    return toDeliveryView(await this.find(endpoint.id, eventId));
  }

  /** Forgets events that are so old, whatever became of them; answers how many. */
  async purge(keptMs: number): Promise<number> {
    const firstKept = firstEventIdAt(this.options.clock.now() - keptMs);
    let total = 0;
    for (;;) {
      const purged = await purgeWebhookEvents.all(this.options.postgres, firstKept, PURGE_BATCH);
      total += purged.length;
      if (purged.length < PURGE_BATCH) return total;
    }
  }

  private async findEnabled(scope: WebhookScope, endpointId: string) {
    const endpoint = await this.options.endpoints.find(scope, endpointId);
    if (endpoint.enabled) return endpoint;
    throw new GatewayError('invalid_request', 'This endpoint is switched off; switch it on first.', { param: 'id' });
  }

  private async find(endpointId: string, eventId: string): Promise<DeliveryRow> {
    const row = await findDelivery.first(this.options.postgres, endpointId, eventId);
    if (row) return row;
    const text = `There is no event '${eventId.slice(0, 64)}' of this endpoint, or it has been forgotten.`;
    throw new GatewayError('not_found', text, { param: 'event_id' });
  }
}
