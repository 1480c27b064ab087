import { createHttpPort } from '@sluice/platform-http/create-http-port';
import { createHttpAgents } from '@sluice/platform-http/http-agents';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { createTestDatabase } from '@sluice/testing/create-test-database';
import { createFakeClock, type FakeClock } from '@sluice/testing/fake-clock';
import { Webhook } from 'standardwebhooks';
import { expect } from 'vitest';
import { type Received, type Receiver, startReceiver } from './receiver.fixture.js';
import { WebhookCourier } from './webhook-courier.js';
import { WebhookDeliverer } from './webhook-deliverer.js';
import { WebhookEndpoints } from './webhook-endpoints.js';
import { WebhookHistory } from './webhook-history.js';
import type { WebhookScope } from './webhook-scope.js';

export const OWNER: WebhookScope = { type: 'owner', keyId: 'owner' };
export const OPERATOR: WebhookScope = { type: 'operator' };
export const HOUR_MS = 3_600_000;

/** Seals nothing, and still tells whose a secret is. */
const vault = {
  seal: (content: string, context: string) => Buffer.from(`${context}|${content}`),
  unseal: (sealed: Uint8Array, context: string) => Buffer.from(sealed).toString().split(`${context}|`)[1] ?? '',
};
const TABLES =
  'webhook_endpoint, webhook_event, webhook_delivery, webhook_attempt, durable_generation, durable_event, ledger';

/** Webhooks on a database, with a client's server to tell things to and a clock that the test moves. */
export class WebhookRig {
  clock: FakeClock = createFakeClock(Date.now());
  private readonly agents = createHttpAgents({ connectTimeoutMs: 5_000 });
  private readonly errors: unknown[] = [];
  private objects = 0;

  private constructor(
    private readonly database: Awaited<ReturnType<typeof createTestDatabase>>,
    readonly postgres: Postgres,
    readonly receiver: Receiver,
  ) {}

  static async open(): Promise<WebhookRig> {
    const database = await createTestDatabase();
    const postgres = createPostgres({ url: database.url, applicationName: 'test' });
    return new WebhookRig(database, postgres, await startReceiver());
  }

  async close(): Promise<void> {
    await this.receiver.close();
    await this.agents.close();
    await this.postgres.close();
    await this.database.drop();
  }

  /** Forgets everything. */
  async reset(): Promise<void> {
    await this.postgres.query({ text: `TRUNCATE ${TABLES}` });
    this.receiver.reset();
    this.errors.length = 0;
    this.clock = createFakeClock(Date.now());
  }

  get endpoints(): WebhookEndpoints {
    return new WebhookEndpoints({
      postgres: this.postgres,
      vault,
      clock: this.clock,
      requestHeader: 'x-sluice-webhook',
    });
  }

  get history(): WebhookHistory {
    return new WebhookHistory({
      postgres: this.postgres,
      endpoints: this.endpoints,
      clock: this.clock,
      wake: () => {},
    });
  }

  createDeliverer(limits: { atOnce?: number; atOncePerEndpoint?: number } = {}): WebhookDeliverer {
    const { postgres, clock, agents } = this;
    const courier = new WebhookCourier({
      postgres,
      vault,
      httpFor: ({ allowPrivateNetwork }) => createHttpPort({ allowPrivateNetwork, agents }),
      clock,
      random: () => 0,
    });
    return new WebhookDeliverer({
      postgres,
      courier,
      clock,
      onError: (error) => void this.errors.push(error),
      ...limits,
    });
  }

  /** Delivers what is due; answers how many those were. */
  async deliver(by = this.createDeliverer()): Promise<number> {
    const taken = await by.takeDue();
    await by.settled();
    expect(this.errors).toEqual([]);
    return taken;
  }

  /** An endpoint at the test's receiver: only an operator may point into a private network. */
  listen(changes: object = {}) {
    const body = { key_id: 'owner', url: this.receiver.url, allow_private_network: true, ...changes };
    return this.endpoints.create(OPERATOR, body);
  }

  /** An event as a statement writes it; undefined where nobody listens. */
  async publish(type = 'video.completed', object = `video_${(this.objects += 1)}`): Promise<string | undefined> {
    const { rows } = await this.postgres.query<{ id: string | null }>({
      text: `SELECT publish_webhook_event('owner', $1, $2, $3) AS id`,
      values: [type, object, new Date(this.clock.now())],
    });
    return rows[0]?.id ?? undefined;
  }

  async published(): Promise<string> {
    const id = await this.publish();
    if (id === undefined) throw new Error('nobody listens');
    return id;
  }
}

export function idsOf(received: readonly Received[]) {
  return received.map(({ headers }) => headers['webhook-id']);
}

/** As the reference implementation does it. */
export function verify(secret: string, { headers, body }: Received) {
  return new Webhook(secret).verify(body, headers as Record<string, string>);
}

export function isSignedWith(secret: string, received: Received): boolean {
  try {
    verify(secret, received);
    return true;
  } catch {
    return false;
  }
}
