import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { parseBody } from '@sluice/contracts/parse-body';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { checkWebhookUrl } from './check-webhook-url.js';
import {
  addEndpoint,
  deleteEndpoint,
  findEndpoint,
  findRequestEndpoint,
  listEndpoints,
  rotateSecret,
  updateEndpoint,
} from './endpoint-statements.js';
import { type SecretVault, webhookSealContext } from './secret-vault.js';
import { createWebhookId } from './webhook-id.js';
import {
  createAnyWebhookSchema,
  createWebhookSchema,
  listWebhooksSchema,
  rotateWebhookSchema,
  updateAnyWebhookSchema,
  updateWebhookSchema,
} from './webhook-input.js';
import type { EndpointRow } from './webhook-rows.js';
import { ownerOf, type WebhookScope } from './webhook-scope.js';
import { createWebhookSecret } from './webhook-secret.js';
import { toWebhookView, type WebhookSecretView, type WebhookView } from './webhook-view.js';

export interface WebhookEndpointsOptions {
  postgres: Queryable;
  vault: SecretVault;
  clock: Clock;
  /** Where a request may name its own URL: the header's name. */
  requestHeader: string;
}

/** Stands for the endpoint whose secret signs what goes to URLs that requests name. */
const OF_REQUESTS = 'request';
const MOST_PER_OWNER = 20;

/** Where the owners of keys hear of ends. Takes bodies as they came; failures are `GatewayError`s that name the field. */
export class WebhookEndpoints {
  constructor(private readonly options: WebhookEndpointsOptions) {}

  /** The secret is in this answer, and wherever its owner asks for it. */
  async create(scope: WebhookScope, body: unknown): Promise<WebhookSecretView> {
    const input =
      scope.type === 'operator'
        ? parseBody(createAnyWebhookSchema, body)
        : { ...parseBody(createWebhookSchema, body), key_id: scope.keyId, allow_private_network: false };
    const url = checkWebhookUrl({ url: input.url, param: 'url', allowPrivateNetwork: input.allow_private_network });
    const id = await this.add({ ...input, url });
    if (id === undefined) {
      const text = `url: there are ${MOST_PER_OWNER} endpoints, and more are not kept. Delete one first.`;
      throw new GatewayError('invalid_request', text, { param: 'url' });
    }
    return this.reveal(scope, id);
  }

  async list(scope: WebhookScope, query: unknown) {
    const { limit, after = null } = parseBody(listWebhooksSchema, query);
    const rows = await listEndpoints.all(this.options.postgres, ownerOf(scope), after, limit + 1);
    const data = rows.slice(0, limit).map((row) => this.view(row));
    return { object: 'list' as const, data, last_id: data.at(-1)?.id ?? null, has_more: rows.length > limit };
  }

  async get(scope: WebhookScope, id: string): Promise<WebhookView> {
    return this.view(await this.find(scope, id));
  }

  async update(scope: WebhookScope, id: string, body: unknown): Promise<WebhookView> {
    const { postgres, clock } = this.options;
    const row = await this.find(scope, id);
    const changes = parseBody(scope.type === 'operator' ? updateAnyWebhookSchema : updateWebhookSchema, body);
    const allowPrivateNetwork = privacyAfter(row, scope, changes);
    const url = this.urlAfter(row, changes.url, allowPrivateNetwork ?? row.allow_private_network);
    await updateEndpoint.run(
      postgres,
      row.id,
      ownerOf(scope),
      url,
      changes.events ?? null,
      changes.description ?? null,
      changes.enabled ?? null,
      allowPrivateNetwork ?? null,
      new Date(clock.now()),
    );
    return this.get(scope, row.id);
  }

  async delete(scope: WebhookScope, id: string): Promise<string> {
    const row = await this.find(scope, id);
    await deleteEndpoint.run(this.options.postgres, row.id, ownerOf(scope));
    return row.id;
  }

  /** The endpoint with its secret. */
  async reveal(scope: WebhookScope, id: string): Promise<WebhookSecretView> {
    const row = await this.find(scope, id);
    return { ...this.view(row), secret: this.options.vault.unseal(row.secret, webhookSealContext(row.id)) };
  }

  /** A new secret; the old one signs beside it until the overlap ends. */
  async rotate(scope: WebhookScope, id: string, body: unknown): Promise<WebhookSecretView> {
    const { postgres, clock } = this.options;
    const { overlap_seconds: overlapSeconds, secret } = parseBody(rotateWebhookSchema, body ?? {});
    const row = await this.find(scope, id);
    const sealed = this.seal(row.id, secret);
    const previousExpiresAt = new Date(clock.now() + overlapSeconds * 1_000);
    await rotateSecret.run(postgres, row.id, ownerOf(scope), sealed, previousExpiresAt);
    return this.reveal(scope, row.id);
  }

  /** The URL that a request named, once it is certain that what goes there can be signed. */
  async admitRequestUrl(keyId: string, text: string): Promise<string> {
    const known = await this.endpointOfRequests(keyId);
    const allowPrivateNetwork = known?.allow_private_network ?? false;
    const url = checkWebhookUrl({ url: text, param: this.options.requestHeader, allowPrivateNetwork });
    if (!known) await this.addOfRequests(keyId);
    if (known?.enabled === false) throw switchedOff(this.options.requestHeader);
    return url;
  }

  /** The row that an id stands for. */
  async find(scope: WebhookScope, id: string): Promise<EndpointRow> {
    const { postgres } = this.options;
    const realId = id === OF_REQUESTS && scope.type === 'owner' ? await this.idOfRequests(scope.keyId) : id;
    const row = await findEndpoint.first(postgres, realId, ownerOf(scope));
    if (!row)
      throw new GatewayError('not_found', `There is no webhook endpoint '${id.slice(0, 64)}'.`, { param: 'id' });
    return row;
  }

  private async idOfRequests(keyId: string): Promise<string> {
    const known = await this.endpointOfRequests(keyId);
    if (known) return known.id;
    await this.addOfRequests(keyId);
    return (await this.endpointOfRequests(keyId))?.id ?? OF_REQUESTS;
  }

  private endpointOfRequests(keyId: string) {
    return findRequestEndpoint.first(this.options.postgres, keyId);
  }

  /** Of two that make it at once one makes it. */
  private addOfRequests(keyId: string): Promise<string | undefined> {
    return this.add({
      key_id: keyId,
      url: null,
      events: [],
      description: '',
      enabled: true,
      allow_private_network: false,
    });
  }

  private async add(input: {
    key_id: string | null;
    url: string | null;
    events: readonly string[];
    description: string;
    enabled: boolean;
    allow_private_network: boolean;
    secret?: string | undefined;
  }): Promise<string | undefined> {
    const { postgres, clock } = this.options;
    const nowMs = clock.now();
    const id = createWebhookId('whe', nowMs);
    const added = await addEndpoint.first(
      postgres,
      id,
      input.key_id,
      input.url,
      input.events,
      input.description,
      input.enabled,
      input.allow_private_network,
      this.seal(id, input.secret),
      new Date(nowMs),
      MOST_PER_OWNER,
    );
    return added?.id;
  }

  private urlAfter(row: EndpointRow, text: string | undefined, allowPrivateNetwork: boolean): string | null {
    if (text === undefined && row.url === null) return null;
    if (row.url === null)
      throw new GatewayError('invalid_request', "url: this one's URLs are named by requests", { param: 'url' });
    return checkWebhookUrl({ url: text ?? row.url, param: 'url', allowPrivateNetwork });
  }

  private seal(id: string, secret = createWebhookSecret()): Uint8Array {
    return this.options.vault.seal(secret, webhookSealContext(id));
  }

  private view(row: EndpointRow): WebhookView {
    return toWebhookView(row, this.options.clock.now());
  }
}

/** What an operator allowed was allowed for the URL that it was then: an owner's new one is not it. */
function privacyAfter(
  row: EndpointRow,
  scope: WebhookScope,
  changes: { url?: string | undefined; allow_private_network?: boolean | undefined },
): boolean | undefined {
  if (scope.type === 'operator') return changes.allow_private_network;
  return changes.url === undefined || changes.url === row.url ? undefined : false;
}

function switchedOff(param: string): GatewayError {
  const text = `${param}: the owner has switched off what goes to URLs of requests (PATCH /v1/webhooks/${OF_REQUESTS}).`;
  return new GatewayError('invalid_request', text, { param });
}
