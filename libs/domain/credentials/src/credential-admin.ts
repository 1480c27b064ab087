import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { parseBody } from '@sluice/contracts/parse-body';
import { isUniqueViolation } from '@sluice/platform-postgres/postgres-fault';
import type { CredentialContents } from './credential-contents.js';
import { createCredentialSchema, parseCredentialBody, updateCredentialSchema } from './credential-input.js';
import type { UpdateCredentialBody } from './credential-input.js';
import { credentialQuerySchema } from './credential-query.js';
import { createCredentialId } from './credential-repository.js';
import type { CredentialRepository } from './credential-repository.js';
import type { CredentialSearch } from './credential-search.js';
import { toCredentialView, type CredentialView } from './credential-view.js';
import type { FailureMemory } from './failure-memory.js';
import type { StoredCredential } from './stored-credential.js';
import type { TallyRow } from './tally-statements.js';

export interface CredentialAdminOptions {
  repository: CredentialRepository;
  search: CredentialSearch;
  contents: CredentialContents;
  failures: Pick<FailureMemory, 'forget'>;
  /** What they have made; not of those that have made nothing. */
  tallies(ids: readonly string[]): Promise<TallyRow[]>;
  clock: Clock;
}

export interface CredentialList {
  credentials: CredentialView[];
  /** Give it back to go on; absent at the end. */
  nextCursor?: string;
}

/** What operators do with credentials. Takes bodies as they came; failures are `GatewayError`s that name the field. */
export class CredentialAdmin {
  constructor(private readonly options: CredentialAdminOptions) {}

  /** The same credential given again is edited: what the body leaves out stays as it is. */
  async create(body: unknown): Promise<{ credential: CredentialView; isNew: boolean }> {
    const parsed = parseCredentialBody(createCredentialSchema, body);
    const id = createCredentialId();
    const { repository, contents } = this.options;
    const content = contents.ofNew(id, parsed);
    if (await repository.insert({ id, upstream: parsed.upstream, kind: parsed.kind }, content))
      return { credential: await this.get(id), isNew: true };
    const existing = await repository.findByIdentity(content.identity);
    // Deleted between the two statements: now there is room for it.
    if (existing === undefined) return this.create(body);
    const { upstream: _upstream, kind: _kind, ...changes } = parsed;
    return { credential: await this.edit(existing.id, changes), isNew: false };
  }

  async list(query: unknown = {}): Promise<CredentialList> {
    const now = new Date(this.options.clock.now());
    const { rows, nextCursor } = await this.options.search.page(parseBody(credentialQuerySchema, query), now);
    const credentials = await this.toViews(rows);
    return { credentials, ...(nextCursor !== undefined && { nextCursor }) };
  }

  async get(id: string): Promise<CredentialView> {
    return this.toView(await this.find(id));
  }

  async update(id: string, body: unknown): Promise<CredentialView> {
    return this.edit(id, parseCredentialBody(updateCredentialSchema, body));
  }

  /** Forgets what is held against it: it is tried again at once. */
  async reset(id: string): Promise<CredentialView> {
    return this.write(id, (current) => ({ content: current, isReset: true }));
  }

  async delete(id: string): Promise<void> {
    if (!(await this.options.repository.delete(id))) throw notFound(id);
    await this.options.failures.forget([id]);
  }

  /** The secret itself: only for a caller who has noted that it was asked for. */
  async reveal(id: string): Promise<{ id: string; secret: unknown }> {
    return { id, secret: this.options.contents.openSecret(await this.find(id)) };
  }

  private edit(id: string, changes: UpdateCredentialBody): Promise<CredentialView> {
    return this.write(id, (current) => {
      const content = this.options.contents.ofEdited(current, changes);
      return { content, isReset: content.identity !== current.identity || (content.enabled && !current.enabled) };
    });
  }

  private async write(id: string, edit: Parameters<CredentialRepository['update']>[1]): Promise<CredentialView> {
    let isReset = false;
    const now = new Date(this.options.clock.now());
    const noted: typeof edit = (current) => {
      const outcome = edit(current);
      ({ isReset } = outcome);
      return outcome;
    };
    const updated = await this.options.repository.update(id, noted, now).catch(refuseTwin);
    if (updated === undefined) throw notFound(id);
    if (!isReset) return this.toView(updated);
    await this.options.failures.forget([id]);
    return this.get(id);
  }

  private async find(id: string): Promise<StoredCredential> {
    const row = await this.options.repository.find(id);
    if (row === undefined) throw notFound(id);
    return row;
  }

  private async toView(row: StoredCredential): Promise<CredentialView> {
    const [view] = await this.toViews([row]);
    return view ?? toCredentialView(row, this.options.clock.now());
  }

  private async toViews(rows: readonly StoredCredential[]): Promise<CredentialView[]> {
    const nowMs = this.options.clock.now();
    const tallies = new Map((await this.options.tallies(rows.map(({ id }) => id))).map((tally) => [tally.id, tally]));
    return rows.map((row) => toCredentialView(row, nowMs, tallies.get(row.id)));
  }
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
