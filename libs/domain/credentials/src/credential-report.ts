import type { Clock } from '@sluice/contracts/clock';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import type { Logger } from '@sluice/platform-logger/logger';
import type { CredentialDirectory } from './credential-directory.js';
import { CREDENTIAL_POLICY, type CoolDown } from './credential-policy.js';
import type { CredentialRepository } from './credential-repository.js';
import type { LeaseOutcome } from './credential-source.js';
import { windowOwner } from './lease-rule.js';
import type { LeaseStore } from './lease-store.js';
import type { StoredCredential } from './stored-credential.js';
import { MENDED_BY_PROBE, PROBE_GRACE_MS } from './pooled-credential.js';

export interface CredentialReportOptions {
  directory: CredentialDirectory;
  leases: Pick<LeaseStore, 'coolDown' | 'recover'>;
  repository: Pick<CredentialRepository, 'setState'>;
  clock: Clock;
  logger: Logger;
  /** Its upstream says that a session has run out: perhaps it can be refreshed. */
  onSessionEnded?(row: StoredCredential): void;
}

export interface Report {
  credentialId: string;
  epoch: number;
  isOnTrial: boolean;
  outcome: LeaseOutcome;
}

const LONGEST_REASON = 500;

/** Draws the conclusions of how a lease ended: rests, recoveries, and the state that operators see. Never throws. */
export class CredentialReporter {
  constructor(private readonly options: CredentialReportOptions) {}

  /** True when this made a credential well that was not. */
  async report({ credentialId, epoch, isOnTrial, outcome }: Report): Promise<boolean> {
    try {
      if (outcome.type === 'failed') await this.punish({ credentialId, epoch, error: outcome.error });
      if (outcome.type === 'succeeded' && isOnTrial) return await this.recover(credentialId, epoch);
    } catch (error) {
      this.options.logger.warn({ err: error, credentialId }, 'the state of a credential could not be kept');
    }
    return false;
  }

  private async punish({
    credentialId,
    epoch,
    error,
  }: {
    credentialId: string;
    epoch: number;
    error: ErrorData;
  }): Promise<void> {
    const rule = ruleFor(error);
    if (rule === undefined) return;
    const ids = rule.state === 'quota_exhausted' ? this.sharers(credentialId) : [credentialId];
    for (const id of ids) await this.coolDown({ credentialId: id, epoch, error, rule });
    const row = this.options.directory.get(credentialId)?.row;
    if (row !== undefined && CREDENTIAL_POLICY[error.code].type === 'refresh') this.options.onSessionEnded?.(row);
  }

  private async coolDown(failure: {
    credentialId: string;
    epoch: number;
    error: ErrorData;
    rule: CoolDown;
  }): Promise<void> {
    const { credentialId, epoch, error, rule } = failure;
    const { leases, repository, clock } = this.options;
    const { restMs } = await leases.coolDown({ credentialId, epoch, toldMs: error.retryAfterMs, rule });
    if (restMs === 0) return;
    const nextTryAtMs = clock.now() + restMs;
    this.rest(credentialId, nextTryAtMs + (MENDED_BY_PROBE.has(rule.state) ? PROBE_GRACE_MS : 0));
    const reason = error.message.slice(0, LONGEST_REASON);
    await repository.setState({ id: credentialId, state: rule.state, reason, nextTryAt: new Date(nextTryAtMs), epoch });
  }

  private async recover(credentialId: string, epoch: number): Promise<boolean> {
    if (!(await this.options.leases.recover(credentialId, epoch))) return false;
    this.rest(credentialId, 0);
    await this.options.repository.setState({ id: credentialId, state: 'ready', reason: null, nextTryAt: null, epoch });
    return true;
  }

  /** Keys of one project run out together. */
  private sharers(credentialId: string): string[] {
    const { directory } = this.options;
    const credential = directory.get(credentialId);
    return credential === undefined ? [credentialId] : [...directory.membersOf(windowOwner(credential.row))];
  }

  /** At once in this process; the others hear of it from the database, and Redis would stop them anyway. */
  private rest(credentialId: string, untilMs: number): void {
    const credential = this.options.directory.get(credentialId);
    if (credential !== undefined) this.options.directory.upstream(credential.row.upstream).rest(credential, untilMs);
  }
}

/** Undefined where the credential is not to blame. */
function ruleFor(error: ErrorData): CoolDown | undefined {
  const reaction = CREDENTIAL_POLICY[error.code];
  if (reaction.type === 'keep') return undefined;
  const rule = reaction.type === 'refresh' ? reaction.otherwise : reaction;
  return rule.onlyWhenTold && error.retryAfterMs === undefined ? undefined : rule;
}
