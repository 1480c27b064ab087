import type { Clock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import { GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort } from '@sluice/contracts/http-port';
import type { TendCredential, TendedCredential } from '@sluice/contracts/jobs';
import type { RefreshResult } from '@sluice/domain-credentials/session-refresher';
import type { JobOutcome } from '@sluice/platform-queue/job-handle';
import type { AssetsCleared, CredentialHealth, Upstream } from '@sluice/upstream-kit/upstream';
import { createAccountContext } from './account-context.js';
import { isAboutCharacters, tendCharacter } from './tend-character.js';

export interface CredentialTenderOptions<Credential> {
  upstream: Upstream<Credential>;
  /** The credential as it is, resting, full or switched off: an operator's look takes no slot. Undefined when it is gone. */
  open(credentialId: string): Promise<Lease | undefined>;
  /** What the look told: who the account is, what it has left. */
  keepLook(credentialId: string, health: CredentialHealth): Promise<void>;
  /** Forgets what is held against it: it has just proved itself. */
  forgive(credentialId: string): Promise<void>;
  /** One refresh at a time in the whole cluster; absent where the upstream has no sessions. */
  refresh?: (credentialId: string) => Promise<RefreshResult>;
  httpFor(lease: Lease): HttpPort;
  reply(channel: string, text: string): Promise<unknown>;
  clock: Clock;
}

const CALL_TIMEOUT_MS = 15_000;
/** An account that is full has thousands of files. */
const CLEAR_TIMEOUT_MS = 10 * 60_000;
const PROGRESS_MS = 1_000;

/** Does for one credential what an operator asked for, and tells what came of it. */
export class CredentialTender<Credential> {
  constructor(private readonly options: CredentialTenderOptions<Credential>) {}

  async run(call: TendCredential): Promise<JobOutcome> {
    const { clock, reply } = this.options;
    const startedAtMs = clock.now();
    // Nobody waits any more.
    if (startedAtMs > call.deadlineAtMs) return { type: 'done' };
    const { callId, credentialId } = call;
    const tell = (outcome: Outcome) => {
      const answer: TendedCredential = { callId, credentialId, durationMs: clock.now() - startedAtMs, ...outcome };
      return reply(call.replyTo, JSON.stringify(answer));
    };
    const tellPart = (outcome: Outcome) => tell({ ...outcome, isPartial: true });
    await tell(await this.tend(call, tellPart).catch(describeFailure));
    return { type: 'done' };
  }

  private async tend({ action, credentialId, character, work }: TendCredential, tellPart: Tell): Promise<Outcome> {
    const { open, forgive, keepLook } = this.options;
    const lease = await open(credentialId);
    if (lease === undefined) throw new GatewayError('not_found', 'The credential is gone.');
    if (action === 'refresh') return this.refresh(credentialId);
    if (isAboutCharacters(action))
      return tendCharacter(this.options.upstream, { action, character }, this.contextOf(lease));
    if (action === 'remove-work') return this.removeWork(lease, work);
    if (action !== 'test') return this.keep(lease, { action, tellPart });
    const health = await this.look(lease);
    const { isUsable, reason, plan, account, quotas } = health;
    await keepLook(credentialId, health);
    if (isUsable) await forgive(credentialId);
    return {
      isUsable,
      ...(reason !== undefined && { message: reason }),
      ...(plan !== undefined && { plan }),
      ...(account && { account }),
      ...(quotas && { quotas }),
    };
  }

  /** As cheap as the upstream allows: its own probe, or its list of models. */
  private async look(lease: Lease): Promise<CredentialHealth> {
    const { upstream } = this.options;
    const context = this.contextOf(lease);
    if (upstream.probe) return upstream.probe(context);
    if (!upstream.models)
      throw new GatewayError(
        'unsupported',
        `Upstream '${upstream.manifest.id}' has no cheap call to test a credential with.`,
      );
    const models = await upstream.models(context);
    return { isUsable: true, reason: `Lists ${models.length} models.` };
  }

  /** The account's files at the upstream: how many, or none any more. */
  private async keep(
    lease: Lease,
    { action, tellPart }: { action: 'count-assets' | 'clear-assets'; tellPart: Tell },
  ): Promise<Outcome> {
    const { upstream, clock } = this.options;
    const { assets } = upstream;
    if (!assets)
      throw new GatewayError('unsupported', `Accounts of upstream '${upstream.manifest.id}' keep no files there.`);
    const count = await assets.count(this.contextOf(lease));
    if (action === 'count-assets') return { isUsable: true, assets: { count, deleted: 0, failed: 0 } };
    let told: AssetsCleared = { deleted: 0, failed: 0 };
    let toldAtMs = clock.now();
    for await (const cleared of assets.clear(this.contextOf(lease, CLEAR_TIMEOUT_MS))) {
      told = cleared;
      if (clock.now() - toldAtMs < PROGRESS_MS) continue;
      toldAtMs = clock.now();
      await tellPart({ isUsable: true, assets: { count, ...told } });
    }
    return { isUsable: true, assets: { count, ...told } };
  }

  private async removeWork(lease: Lease, work: TendCredential['work']): Promise<Outcome> {
    const { upstream } = this.options;
    const remove = work && upstream.jobs?.[work.kind]?.remove;
    if (!remove)
      throw new GatewayError('unsupported', `Upstream '${upstream.manifest.id}' keeps nothing that could be removed.`);
    await remove(work.operation, this.contextOf(lease));
    return { isUsable: true };
  }

  private async refresh(credentialId: string): Promise<Outcome> {
    const { upstream, refresh } = this.options;
    if (!refresh) {
      throw new GatewayError(
        'unsupported',
        `Credentials of upstream '${upstream.manifest.id}' have no session to refresh.`,
      );
    }
    return REFRESHED[await refresh(credentialId)];
  }

  private contextOf(lease: Lease, timeoutMs = CALL_TIMEOUT_MS) {
    const { upstream, httpFor, clock } = this.options;
    return createAccountContext({
      upstream,
      lease,
      http: httpFor(lease),
      clock,
      signal: AbortSignal.timeout(timeoutMs),
    });
  }
}

const REFRESHED: Record<RefreshResult, Outcome> = {
  refreshed: { isUsable: true, message: 'The session was refreshed.' },
  'done elsewhere': { isUsable: true, message: 'It is being refreshed already, or has just been.' },
  refused: { isUsable: false, message: 'The upstream refused to refresh the session: sign in again.' },
  unsure: {
    isUsable: false,
    message: 'It is not known whether the upstream refreshed the session; it is tried again by itself.',
  },
  gone: { isUsable: false, message: 'The credential is gone.' },
};

type Outcome = Omit<TendedCredential, 'callId' | 'credentialId' | 'durationMs'>;

type Tell = (outcome: Outcome) => Promise<unknown>;

function describeFailure(thrown: unknown): Outcome {
  const { code, message } = toGatewayError(thrown).data;
  return { isUsable: false, code, message };
}
