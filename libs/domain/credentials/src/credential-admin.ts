import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { parseBody } from '@sluice/contracts/parse-body';
import type { Logger } from '@sluice/platform-logger/logger';
import { isUniqueViolation } from '@sluice/platform-postgres/postgres-fault';
import { credentialIdentity, IDENTITY_PURPOSE } from './credential-identity.js';
import { checkCredential, createCredentialSchema, updateCredentialSchema } from './credential-input.js';
import type { CreateCredentialBody, UpdateCredentialBody } from './credential-input.js';
import { createCredentialId } from './credential-repository.js';
import type { CredentialContent, CredentialRepository } from './credential-repository.js';
import { toCredentialView, type CredentialView } from './credential-view.js';
import type { LeaseStore } from './lease-store.js';
import { sealContext, type StoredCredential } from './stored-credential.js';
import type { Vault } from './vault.js';

export interface CredentialAdminOptions {
  repository: CredentialRepository;
  vault: Vault;
  leases: Pick<LeaseStore, 'reset'>;
  clock: Clock;
  logger: Logger;
}

export interface CredentialList {
  credentials: CredentialView[];
  /** Give it back to go on; absent at the end. */
  nextCursor?: string;
}

const DEFAULTS = {
  weight: 1,
  tags: [],
  enabled: true,
  allowPrivateNetwork: false,
  demo: false,
  notes: null,
  models: null,
  limits: {},
};
const LONGEST_LIST = 1_000;

/** What operators do with credentials. Takes bodies as they came; failures are `GatewayError`s that name the field. */
export class CredentialAdmin {
  private readonly identityKey: Buffer;

  constructor(private readonly options: CredentialAdminOptions) {
    this.identityKey = options.vault.derive(IDENTITY_PURPOSE);
  }

  /** The same credential given again is edited: what the body leaves out stays as it is. */
  async create(body: unknown): Promise<{ credential: CredentialView; isNew: boolean }> {
    const parsed = parseBody(createCredentialSchema, body);
    const id = createCredentialId();
    const content = this.toNewContent(id, parsed);
    const { repository } = this.options;
    if (await repository.insert({ id, upstream: parsed.upstream, kind: parsed.kind }, content))
      return { credential: await this.get(id), isNew: true };
    const existing = await repository.findByIdentity(content.identity);
    // Deleted between the two statements: now there is room for it.
    if (existing === undefined) return this.create(body);
    const { upstream: _upstream, kind: _kind, ...changes } = parsed;
    return { credential: await this.edit(existing.id, changes), isNew: false };
  }

  async list(query: { upstream?: string; cursor?: string; limit?: number } = {}): Promise<CredentialList> {
    const limit = Math.min(query.limit ?? LONGEST_LIST, LONGEST_LIST);
    const after = query.cursor === undefined ? undefined : await this.find(query.cursor);
    const page = {
      limit: limit + 1,
      ...(query.upstream !== undefined && { upstream: query.upstream }),
      ...(after && { after }),
    };
    const rows = await this.options.repository.list(page);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const credentials = shown.map((row) => this.toView(row));
    return rows.length > limit && last !== undefined ? { credentials, nextCursor: last.id } : { credentials };
  }

  async get(id: string): Promise<CredentialView> {
    return this.toView(await this.find(id));
  }

  async update(id: string, body: unknown): Promise<CredentialView> {
    return this.edit(id, parseBody(updateCredentialSchema, body));
  }

  async delete(id: string): Promise<void> {
    if (!(await this.options.repository.delete(id))) throw notFound(id);
    await this.forgetFailures(id);
  }

  private async edit(id: string, changes: UpdateCredentialBody): Promise<CredentialView> {
    let isReset = false;
    const edit = (current: StoredCredential) => {
      const content = this.toEditedContent(current, changes);
      isReset = content.identity !== current.identity || (content.enabled && !current.enabled);
      return { content, isReset };
    };
    const now = new Date(this.options.clock.now());
    const updated = await this.options.repository.update(id, edit, now).catch(refuseTwin);
    if (updated === undefined) throw notFound(id);
    if (isReset) await this.forgetFailures(id);
    return this.toView(updated);
  }

  private toNewContent(id: string, body: CreateCredentialBody): CredentialContent {
    const { upstream, kind, secret, baseUrl = null, ...settings } = body;
    const allowPrivateNetwork = settings.allowPrivateNetwork ?? false;
    const checked = checkCredential({ upstream, kind, secret, baseUrl, allowPrivateNetwork });
    return {
      label: `${upstream} ${kind}`,
      ...DEFAULTS,
      ...withoutUndefined(settings),
      baseUrl: checked.baseUrl,
      secret: this.options.vault.seal(checked.secretJson, sealContext(id)),
      identity: credentialIdentity(this.identityKey, { upstream, kind, ...checked }),
    };
  }

  private toEditedContent(current: StoredCredential, changes: UpdateCredentialBody): CredentialContent {
    const { upstream, kind } = current;
    const { secret: givenSecret, ...settings } = changes;
    const secret: unknown =
      givenSecret ?? JSON.parse(this.options.vault.unseal(current.secret, sealContext(current.id)));
    const next = { ...current, ...withoutUndefined(settings) };
    const checked = checkCredential({
      upstream,
      kind,
      secret,
      baseUrl: next.baseUrl,
      allowPrivateNetwork: next.allowPrivateNetwork,
    });
    const identity = credentialIdentity(this.identityKey, { upstream, kind, ...checked });
    const isSameSecret = givenSecret === undefined || identity === current.identity;
    const sealed = isSameSecret ? current.secret : this.options.vault.seal(checked.secretJson, sealContext(current.id));
    return { ...next, baseUrl: checked.baseUrl, secret: sealed, identity };
  }

  private async find(id: string): Promise<StoredCredential> {
    const row = await this.options.repository.find(id);
    if (row === undefined) throw notFound(id);
    return row;
  }

  /** What Redis holds against it is only a pause: an edit does not fail for it. */
  private async forgetFailures(id: string): Promise<void> {
    try {
      await this.options.leases.reset(id);
    } catch (error) {
      this.options.logger.warn({ err: error, credentialId: id }, 'the failures of a credential could not be forgotten');
    }
  }

  private toView(row: StoredCredential): CredentialView {
    return toCredentialView(row, this.options.clock.now());
  }
}

/** Drops members that are present but undefined, as zod leaves them. */
function withoutUndefined<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}

function refuseTwin(error: unknown): never {
  if (!isUniqueViolation(error)) throw error;
  throw new GatewayError(
    'invalid_request',
    'secret: another credential has this upstream, kind, base URL and secret already.',
    { param: 'secret', cause: error },
  );
}

function notFound(id: string): GatewayError {
  return new GatewayError('not_found', `There is no credential '${id}'.`, { param: 'id' });
}
