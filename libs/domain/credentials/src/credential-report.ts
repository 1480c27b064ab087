import type { Clock } from '@sluice/contracts/clock';
import type { CredentialUse } from '@sluice/contracts/credential';
import type { ErrorCode } from '@sluice/contracts/error-code';
import type { ErrorData } from '@sluice/contracts/gateway-error';
import { findUpstream } from '@sluice/manifests/upstreams';
import type { Logger } from '@sluice/platform-logger/logger';
import type { CredentialDirectory } from './credential-directory.js';
import { coolDownFor, CREDENTIAL_POLICY, type CoolDown } from './credential-policy.js';
import type { CredentialRepository } from './credential-repository.js';
import type { LeaseOutcome, LeaseRequest } from './credential-source.js';
import { windowOwner } from './lease-rule.js';
import type { LeaseStore } from './lease-store.js';
import type { StoredCredential } from './stored-credential.js';
import { ENDS_BY_ITSELF, MENDED_BY_PROBE, PROBE_GRACE_MS } from './pooled-credential.js';

export interface CredentialReportOptions {
  directory: CredentialDirectory;
  leases: Pick<LeaseStore, 'coolDown' | 'recover' | 'restModel'>;
  repository: Pick<CredentialRepository, 'setState' | 'saveModelRest'>;
  clock: Clock;
  logger: Logger;
  /** Its upstream says that a session has run out: perhaps it can be refreshed. */
  onSessionEnded?(row: StoredCredential): void;
  /** Something went wrong with it; told for whatever it was. */
  onFailure?(row: StoredCredential, code: ErrorCode): void;
  /** For those whose upstream refuses them, where the operator has it so. */
  switchOff?: { disable(id: string, reason: string): Promise<void> };
  /** A model rests for all who share its quota with this credential. */
  onModelRest?(rest: BegunRest): void;
  /** It rests as a whole, and nothing but time ends that. */
  onRest?(credentialId: string, restMs: number): void;
  /** How each lease ended, whatever it means for the credential. */
  onOutcome?(credentialId: string, outcome: LeaseOutcome): void;
}

export interface BegunRest {
  row: StoredCredential;
  use: CredentialUse;
  model: string;
  restMs: number;
}

export interface Report {
  credentialId: string;
  epoch: number;
  isOnTrial: boolean;
  /** What it was leased for. */
  request: Pick<LeaseRequest, 'use' | 'model'>;
  outcome: LeaseOutcome;
}

interface Failure extends Pick<Report, 'credentialId' | 'epoch' | 'request'> {
  error: ErrorData;
}

const LONGEST_REASON = 500;
const WORTH_WRITING_MS = 1_000;

/** Draws the conclusions of how a lease ended: rests, recoveries, and the state that operators see. Never throws. */
export class CredentialReporter {
  constructor(private readonly options: CredentialReportOptions) {}

  /** True when this made a credential well that was not. */
  async report({ credentialId, epoch, isOnTrial, request, outcome }: Report): Promise<boolean> {
    try {
      this.options.onOutcome?.(credentialId, outcome);
      if (outcome.type === 'failed') await this.punish({ credentialId, epoch, request, error: outcome.error });
      if (outcome.type === 'succeeded' && isOnTrial) return await this.recover(credentialId, epoch);
    } catch (error) {
      this.options.logger.warn({ err: error, credentialId }, 'the state of a credential could not be kept');
    }
    return false;
  }

  private async punish(failure: Failure): Promise<void> {
    const { credentialId, epoch, error } = failure;
    const row = this.options.directory.get(credentialId)?.row;
    if (row !== undefined) this.options.onFailure?.(row, error.code);
    const rule = coolDownFor(error);
    if (rule === undefined) return;
    if (error.scope === 'model') return this.restModel(failure, rule);
    const ids = rule.state === 'quota_exhausted' ? this.sharers(credentialId) : [credentialId];
    for (const id of ids) await this.coolDown({ credentialId: id, epoch, error, rule });
    if (row === undefined || CREDENTIAL_POLICY[error.code].type !== 'refresh') return;
    if (findUpstream(row.upstream)?.kinds[row.kind]?.isSession) this.options.onSessionEnded?.(row);
    else if (this.options.directory.upstream(row.upstream).settings.disableWhenRefused)
      await this.options.switchOff?.disable(credentialId, error.message.slice(0, LONGEST_REASON));
  }

  private async coolDown(failure: {
    credentialId: string;
    epoch: number;
    error: ErrorData;
    rule: CoolDown;
  }): Promise<void> {
    const { credentialId, error, rule } = failure;
    const { leases, repository, clock } = this.options;
    const toldMs = error.retryAfterMs;
    // Also against leases that began after this one, and have written since: they knew nothing of it.
    const { restMs, epoch } = await leases.coolDown({ credentialId, epoch: failure.epoch, toldMs, rule });
    if (restMs === 0) return;
    const nextTryAtMs = clock.now() + restMs;
    this.rest(credentialId, nextTryAtMs + (MENDED_BY_PROBE.has(rule.state) ? PROBE_GRACE_MS : 0));
    if (ENDS_BY_ITSELF.has(rule.state)) this.options.onRest?.(credentialId, restMs);
    const reason = error.message.slice(0, LONGEST_REASON);
    await repository.setState({ id: credentialId, state: rule.state, reason, nextTryAt: new Date(nextTryAtMs), epoch });
  }

  /** The others of the account go on, and so does this one with its other models. */
  private async restModel({ credentialId, epoch, request, error }: Failure, rule: CoolDown): Promise<void> {
    const { directory, leases, repository, clock, onModelRest } = this.options;
    const credential = directory.get(credentialId);
    if (credential === undefined) return;
    const { row } = credential;
    const { use, model } = request;
    const owner = windowOwner(row);
    const knownMs = credential.modelRests?.get(model) ?? 0;
    // What is told counts here at once: leases that are on their way are not used any more.
    const toldMs = Math.min(error.retryAfterMs ?? 0, rule.maximumMs);
    if (toldMs > 0) directory.restModel(row, model, clock.now() + toldMs);
    const { restMs } = await leases.restModel({ owner, model, epoch, toldMs: error.retryAfterMs, rule });
    if (restMs === 0) return;
    const nowMs = clock.now();
    const untilMs = nowMs + restMs;
    directory.restModel(row, model, untilMs);
    onModelRest?.({ row, use, model, restMs });
    // A crowd that is refused together tells the same end again and again.
    if (untilMs - knownMs < WORTH_WRITING_MS) return;
    const rest = { untilMs, state: rule.state, reason: error.message.slice(0, LONGEST_REASON), epoch };
    await repository.saveModelRest({ ids: this.sharers(credentialId), model, rest, nowMs });
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
