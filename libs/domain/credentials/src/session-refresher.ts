import { randomUUID } from 'node:crypto';
import type { Clock } from '@sluice/contracts/clock';
import type { CredentialState } from '@sluice/contracts/credential';
import { toGatewayError, type GatewayError } from '@sluice/contracts/gateway-error';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Postgres } from '@sluice/platform-postgres/create-postgres';
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
  state: CredentialState;
  reason: string | null;
  nextTryAt: Date | null;
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
    const { secret, state, reason, nextTryAt } = ending;
    await endRefresh.run(postgres, id, intent.id, row.secret, secret, state, reason, nextTryAt);
    if (result === 'refreshed') await this.options.leases.reset(id);
    return result;
  }

  private async ask(row: StoredCredential, wasLost: boolean): Promise<{ result: RefreshResult; ending: Ending }> {
    const { vault, logger } = this.options;
    const context = sealContext(row.id);
    try {
      const fresh = await this.options.refresh(row, JSON.parse(vault.unseal(row.secret, context)));
      const secret = vault.seal(JSON.stringify(fresh), context);
      return { result: 'refreshed', ending: { secret, state: 'ready', reason: null, nextTryAt: null } };
    } catch (thrown) {
      const error = toGatewayError(thrown);
      logger.warn({ err: error, credentialId: row.id }, 'a session could not be refreshed');
      return REFUSALS.has(error.code)
        ? { result: 'refused', ending: this.failed(wasLost ? LOST : refusal(error), AGAIN_AFTER_REFUSAL_MS) }
        : {
            result: 'unsure',
            ending: this.failed(`The refresh of this session did not end well: ${error.message}`, AGAIN_WHEN_UNSURE_MS),
          };
    }
  }

  private failed(reason: string, againAfterMs: number): Ending {
    return { secret: null, state: 'auth_failed', reason, nextTryAt: new Date(this.options.clock.now() + againAfterMs) };
  }
}

function refusal({ message }: GatewayError): string {
  return `The upstream does not refresh this session: ${message}`;
}
