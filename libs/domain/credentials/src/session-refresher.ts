import { randomUUID } from 'node:crypto';
import type { Clock } from '@sluice/contracts/clock';
import type { CredentialState } from '@sluice/contracts/credential';
import { toGatewayError, type GatewayError } from '@sluice/contracts/gateway-error';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import type { RefreshFailure } from './credential-counters.js';
import type { CredentialRepository } from './credential-repository.js';
import type { LeaseStore } from './lease-store.js';
import { beginRefresh, endRefresh } from './pool-statements.js';
import { sealContext, type StoredCredential } from './stored-credential.js';
import type { Vault } from './vault.js';

export interface SessionRefresherOptions {
  postgres: Postgres;
  repository: Pick<CredentialRepository, 'find'>;
  leases: Pick<LeaseStore, 'reset'>;
  vault: Pick<Vault, 'seal' | 'unseal'>;
  clock: Clock;
  logger: Logger;
  /** Whether it serves still, were it not refreshed; absent: not known. */
  endsAtMs?(row: StoredCredential, secret: unknown): number | undefined;
  /** It is good for nothing any more: somebody has to sign in again. */
  onRefused?(row: StoredCredential, reason: string): Promise<void>;
  /** Asks the upstream. Throws `GatewayError`; after it returned the old secret may be dead. */
  refresh(row: StoredCredential, secret: unknown): Promise<unknown>;
}

export type RefreshResult = 'refreshed' | 'done elsewhere' | 'refused' | 'unsure' | 'gone';

/** Who has not said how it ended by then was lost: longer than any refresh may take. */
const GIVEN_UP_MS = 60_000;
const AGAIN_AFTER_REFUSAL_MS = 10 * 60_000;
const AGAIN_WHEN_UNSURE_MS = 30_000;
const LOST =
  'A worker was lost while it refreshed this session, and the upstream takes the old one no longer: sign in again.';
/** What the upstream has refused is refused; everything else may have come to pass. */
const REFUSALS: ReadonlySet<string> = new Set(['upstream_auth', 'upstream_forbidden', 'invalid_request', 'not_found']);

interface Ending {
  secret: Buffer | null;
  /** Null: it serves as before. */
  state: CredentialState | null;
  reason: string | null;
  nextTryAt: Date | null;
  failure?: RefreshFailure;
}

/**
 * Makes expiring sessions fresh: one at a time per credential in the whole cluster. The intent is written down before the
 * upstream is asked, and goes in the statement that stores what came back; an intent that stays tells of a crash.
 */
export class SessionRefresher {
  private readonly running = new Map<string, Promise<RefreshResult>>();

  constructor(private readonly options: SessionRefresherOptions) {}

  /** `known` is the credential with the session that has run out, or is about to. */
  refresh(known: Pick<StoredCredential, 'id' | 'secret'>): Promise<RefreshResult> {
    const running = this.running.get(known.id);
    if (running !== undefined) return running;
    const refreshing = this.refreshOnce(known).finally(() => this.running.delete(known.id));
    this.running.set(known.id, refreshing);
    return refreshing;
  }

  private async refreshOnce({
    id,
    secret: knownSecret,
  }: Pick<StoredCredential, 'id' | 'secret'>): Promise<RefreshResult> {
    const { postgres, repository, clock } = this.options;
    const intent = { id: randomUUID(), startedAtMs: clock.now() };
    const begun = await beginRefresh.first(
      postgres,
      id,
      JSON.stringify(intent),
      clock.now() - GIVEN_UP_MS,
      knownSecret,
    );
    if (begun === undefined) return 'done elsewhere';
    const row = await repository.find(id);
    if (row === undefined) return 'gone';
    const { result, ending } = await this.ask(row, begun.formerIntent !== null);
    const { secret, state, reason, nextTryAt, failure } = ending;
    const failureJson = failure === undefined ? null : JSON.stringify(failure);
    const nowMs = clock.now();
    await endRefresh.run(postgres, id, intent.id, row.secret, secret, state, reason, nextTryAt, failureJson, nowMs);
    if (result === 'refreshed') await this.options.leases.reset(id);
    if (result === 'refused' && state !== null) await this.options.onRefused?.(row, reason ?? '');
    return result;
  }

  private async ask(row: StoredCredential, wasLost: boolean): Promise<{ result: RefreshResult; ending: Ending }> {
    const { vault, logger } = this.options;
    const context = sealContext(row.id);
    const old: unknown = JSON.parse(vault.unseal(row.secret, context));
    const failed = this.servesStill(row, old) ? this.failedAhead.bind(this) : this.failed.bind(this);
    try {
      const fresh = await this.options.refresh(row, old);
      const secret = vault.seal(JSON.stringify(fresh), context);
      return { result: 'refreshed', ending: { secret, state: 'ready', reason: null, nextTryAt: null } };
    } catch (thrown) {
      const error = toGatewayError(thrown);
      logger.warn({ err: error, credentialId: row.id }, 'a session could not be refreshed');
      return REFUSALS.has(error.code)
        ? { result: 'refused', ending: failed(wasLost ? LOST : refusal(error), AGAIN_AFTER_REFUSAL_MS) }
        : {
            result: 'unsure',
            ending: failed(`The refresh of this session did not end well: ${error.message}`, AGAIN_WHEN_UNSURE_MS),
          };
    }
  }

  /** One whose upstream has refused it serves nobody, whenever it ends. */
  private servesStill(row: StoredCredential, secret: unknown): boolean {
    const endsAtMs = this.options.endsAtMs?.(row, secret) ?? 0;
    return row.state !== 'auth_failed' && endsAtMs > this.options.clock.now();
  }

  private failedAhead(reason: string, againAfterMs: number): Ending {
    const atMs = this.options.clock.now();
    const failure = { atMs, againAtMs: atMs + againAfterMs, reason };
    return { secret: null, state: null, reason: `It serves still. ${reason}`, nextTryAt: null, failure };
  }

  private failed(reason: string, againAfterMs: number): Ending {
    return { secret: null, state: 'auth_failed', reason, nextTryAt: new Date(this.options.clock.now() + againAfterMs) };
  }
}

function refusal({ message }: GatewayError): string {
  return `The upstream does not refresh this session: ${message}`;
}
