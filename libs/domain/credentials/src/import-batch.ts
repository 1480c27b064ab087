import type { Queryable } from '@sluice/platform-postgres/queryable';
import type { CredentialContents } from './credential-contents.js';
import type { ImportResult } from './credential-import.js';
import type { CreateCredentialBody } from './credential-input.js';
import type {
  CredentialContent,
  CredentialRepository,
  EditedCredential,
  NewCredential,
} from './credential-repository.js';
import type { StoredCredential } from './stored-credential.js';

/** A row that has been checked. */
export interface PreparedRow {
  row: number;
  /** The new credential's, if it turns out to be one. */
  id: string;
  body: CreateCredentialBody;
  content: CredentialContent;
}

/** What makes a row one that is there. */
export type ImportMatch = 'secret' | 'label';

interface Plan {
  added: Map<string, NewCredential>;
  edited: Map<string, EditedCredential>;
  results: ImportResult[];
}

/** How often others may add the same credentials between our look and our write. */
const TRIES = 5;

/** Writes some rows in one transaction: equal ones become one credential, with what the later ones say. */
export class ImportBatch {
  constructor(
    private readonly options: {
      repository: CredentialRepository;
      contents: CredentialContents;
      match: ImportMatch;
      at: Date;
    },
  ) {}

  async write(rows: readonly PreparedRow[]): Promise<ImportResult[]> {
    if (rows.length === 0) return [];
    for (let attempt = 1; attempt <= TRIES; attempt++) {
      const results = await this.options.repository
        .transaction((transaction) => this.attempt(transaction, rows))
        .catch(undefinedWhenOvertaken);
      if (results !== undefined) return results;
    }
    throw new Error('The same credentials are being added by others all the time.');
  }

  private async attempt(transaction: Queryable, rows: readonly PreparedRow[]): Promise<ImportResult[]> {
    const { repository, at } = this.options;
    const identities = [...new Set(rows.map(({ content }) => content.identity))];
    const labels = [...new Set(rows.flatMap(({ body }) => this.labelOf(body)))];
    const existing = await repository.lockKnown(transaction, { identities, labels });
    const plan = this.plan(rows, existing);
    if (plan.added.size > 0) {
      const ids = await repository.insertMany([...plan.added.values()], transaction);
      if (ids.size < plan.added.size) throw new Overtaken();
    }
    if (plan.edited.size > 0) await repository.updateMany(transaction, [...plan.edited.values()], at);
    return plan.results;
  }

  private plan(rows: readonly PreparedRow[], existing: readonly StoredCredential[]): Plan {
    const plan: Plan = { added: new Map(), edited: new Map(), results: [] };
    const byIdentity = new Map(existing.map((row) => [row.identity, row]));
    const byName = new Map(existing.map((row) => [nameOf(row), row]));
    const added = new Map<string, string>();
    for (const row of rows) {
      const { identity } = row.content;
      const [name] = this.labelOf(row.body).map((label) => nameOf({ ...row.body, label }));
      const stored = byIdentity.get(identity) ?? (name === undefined ? undefined : byName.get(name));
      const before = plan.added.has(identity) ? identity : name === undefined ? undefined : added.get(name);
      if (name !== undefined && before === undefined) added.set(name, identity);
      if (stored !== undefined) plan.results.push(this.edit(plan, row, stored));
      else if (before !== undefined) plan.results.push(this.amend(plan, row, before));
      else {
        const { upstream, kind } = row.body;
        plan.added.set(identity, { id: row.id, upstream, kind, ...row.content });
        plan.results.push({ row: row.row, status: 'created', id: row.id });
      }
    }
    return plan;
  }

  private edit(plan: Plan, row: PreparedRow, stored: StoredCredential): ImportResult {
    const current = { ...stored, ...plan.edited.get(stored.id) };
    const next = this.merge(current, row.body);
    const result = { row: row.row, id: stored.id };
    if (isSame(current, next)) return { ...result, status: 'duplicate' };
    const isReset = next.identity !== stored.identity || (next.enabled && !stored.enabled);
    plan.edited.set(stored.id, { ...next, id: stored.id, isReset });
    return { ...result, status: 'updated' };
  }

  /** The same one again, before the first has been written. */
  private amend(plan: Plan, row: PreparedRow, identity: string): ImportResult {
    const current = plan.added.get(identity);
    if (current === undefined) throw new Error('amends nothing');
    const next = this.merge(current, row.body);
    plan.added.set(identity, { ...current, ...next });
    return { row: row.row, status: isSame(current, next) ? 'duplicate' : 'updated', id: current.id };
  }

  /** Where names tell who is meant, and the row has one. */
  private labelOf({ label }: CreateCredentialBody): string[] {
    return this.options.match === 'label' && label !== undefined ? [label] : [];
  }

  private merge(current: NewCredential, body: CreateCredentialBody): CredentialContent {
    const { upstream: _upstream, kind: _kind, ...changes } = body;
    return this.options.contents.ofEdited(current, changes);
  }
}

function nameOf({ upstream, kind, label }: Pick<StoredCredential, 'upstream' | 'kind' | 'label'>): string {
  return JSON.stringify([upstream, kind, label]);
}

class Overtaken extends Error {}

function undefinedWhenOvertaken(error: unknown): undefined {
  if (!(error instanceof Overtaken)) throw error;
}

/** Equal identities have equal secrets, or the fresher one that was made of it. */
function isSame(left: CredentialContent, right: CredentialContent): boolean {
  return fingerprint(left) === fingerprint(right);
}

function fingerprint(content: CredentialContent): string {
  const { identity, label, baseUrl, models, limits, weight, tags, enabled } = content;
  const { allowPrivateNetwork, demo, notes, settings } = content;
  const sorted = (fields: object) => Object.entries(fields).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([
    identity,
    label,
    baseUrl,
    models,
    sorted(limits),
    weight,
    tags,
    enabled,
    allowPrivateNetwork,
    demo,
    notes,
    sorted(settings),
  ]);
}
