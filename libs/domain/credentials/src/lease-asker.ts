import { GatewayError } from '@sluice/contracts/gateway-error';
import type { CredentialDirectory } from './credential-directory.js';
import type { LeaseRequest } from './credential-source.js';
import type { HoldTimes } from './hold-times.js';
import { rulesFor, windowOwner } from './lease-rule.js';
import type { LeaseAsk, LeaseReply, LeaseStore } from './lease-store.js';
import {
  fullKey,
  fullUntil,
  MENDED_BY_PROBE,
  modelRestUntil,
  noteRefusal,
  PROBE_GRACE_MS,
  serves,
  type PooledCredential,
} from './pooled-credential.js';
import type { RestEnds } from './rest-ends.js';
import { queueOf } from './turn-giver.js';
import type { UpstreamPool } from './upstream-pool.js';

/** Who waits is told when it is its turn; it looks for itself this late, in case that it was not told. */
export const LOOK_AGAIN_MS = 1_000;
const MOST_SESSIONS = 50_000;

/** Who shall be asked for what. */
export interface Choice {
  request: LeaseRequest;
  pool: UpstreamPool;
  candidates: PooledCredential[];
  nowMs: number;
  isLast: boolean;
}

export interface Answer {
  reply: Asked;
  /** Those who were asked in the end. */
  candidates: PooledCredential[];
}

type Asked = Extract<LeaseReply, { type: 'asked' }>;

export interface LeaseAskerOptions {
  directory: CredentialDirectory;
  leases: Pick<LeaseStore, 'lease'>;
  ends: Pick<RestEnds, 'watchUsedUp'>;
  holdTimes: HoldTimes;
  /** Redis has lost what it knew. */
  onClosed(): void;
}

/** Asks the store for leases, and learns from what it says of those that it passed over. */
export class LeaseAsker {
  /** Where sessions were last seen; Redis knows better. */
  private readonly sessions = new Map<string, string>();

  constructor(private readonly options: LeaseAskerOptions) {}

  /** Where a session turns out to be with another credential, once more with that one first. */
  async ask(leaseId: string, choice: Choice): Promise<Answer> {
    const { request, pool, nowMs } = choice;
    const key = request.sticky === undefined ? undefined : sessionKey(request);
    let boundId = key === undefined ? undefined : this.sessions.get(key);
    for (let isFree = false; ;) {
      const bound = boundId === undefined ? undefined : usable(pool.get(boundId), request, nowMs);
      isFree ||= boundId !== undefined && bound === undefined;
      const candidates =
        bound === undefined ? choice.candidates : [bound, ...choice.candidates.filter((one) => one !== bound)];
      const sticky = key === undefined ? undefined : { key, ms: pool.settings.stickyMs, isFree };
      const reply = await this.askStore(leaseId, { ...choice, candidates }, sticky);
      if (reply.type === 'asked') {
        if (reply.passedOver.length > 0) this.learn(reply, { ...choice, candidates });
        return { reply, candidates };
      }
      if (reply.type === 'closed') {
        this.options.onClosed();
        throw outOfReach(undefined);
      }
      isFree = reply.credentialId === boundId;
      boundId = reply.credentialId;
    }
  }

  /** The session is with that credential now. */
  remember(request: LeaseRequest, credentialId: string): void {
    const key = sessionKey(request);
    this.sessions.delete(key);
    this.sessions.set(key, credentialId);
    if (this.sessions.size <= MOST_SESSIONS) return;
    const [oldest] = this.sessions.keys();
    if (oldest !== undefined) this.sessions.delete(oldest);
  }

  private async askStore(leaseId: string, choice: Choice, sticky: LeaseAsk['sticky']): Promise<LeaseReply> {
    const { request, nowMs, isLast } = choice;
    const { use, model, waiting, generationId, pinned, kind } = request;
    const candidates = choice.candidates.map(({ row }) => ({
      credentialId: row.id,
      limit: row.state === 'ready' ? (row.limits[use] ?? 0) : 1,
      restOwner: row.settings.quotaGroup === undefined ? undefined : windowOwner(row),
      rules: rulesFor(row, { use, model, nowMs }),
    }));
    const waiter =
      waiting !== undefined && (isLast || waiting.isAgain)
        ? { id: generationId, sinceMs: waiting.sinceMs, queue: queueOf(request), model, pinned, kind, isQueued: isLast }
        : undefined;
    try {
      const mustNotRest = use === 'upkeep' ? undefined : model;
      return await this.options.leases.lease({ use, model: mustNotRest, leaseId, candidates, sticky, waiter });
    } catch (error) {
      throw outOfReach(error);
    }
  }

  /** Those that were passed over are not asked again for a while. */
  private learn(reply: Asked, { request, pool, candidates, nowMs }: Choice): void {
    const { directory, ends, holdTimes } = this.options;
    for (const [place, { type, forMs }] of reply.passedOver.entries()) {
      const credential = candidates[place];
      if (credential === undefined) continue;
      noteRefusal(credential, nowMs);
      if (type === 'resting')
        pool.rest(credential, nowMs + forMs + (MENDED_BY_PROBE.has(credential.row.state) ? PROBE_GRACE_MS : 0));
      else if (type === 'model-resting') directory.restModel(credential.row, request.model, nowMs + forMs);
      else if (type === 'used-up' && forMs > LOOK_AGAIN_MS) {
        pool.useUp(credential, request, nowMs + forMs);
        ends.watchUsedUp(credential.row.id, request.use, forMs);
      } else {
        const guessMs = holdTimes.guessNextFreeMs(request.use, credential.row.limits[request.use] ?? 1);
        const key = fullKey(request.use, type === 'full' ? undefined : request.model);
        credential.fullUntilMs.set(key, nowMs + Math.min(forMs, guessMs));
      }
    }
  }
}

function usable(
  credential: PooledCredential | undefined,
  request: LeaseRequest,
  nowMs: number,
): PooledCredential | undefined {
  if (credential === undefined || !credential.row.enabled || credential.restsUntilMs > nowMs) return undefined;
  if (request.excluded?.includes(credential.row.id) || !serves(credential, request)) return undefined;
  if (modelRestUntil(credential, request) > nowMs) return undefined;
  // Used up for long: the session is better off elsewhere. Only busy: it is asked, and the session comes back to it.
  return fullUntil(credential, request) > nowMs + LOOK_AGAIN_MS ? undefined : credential;
}

function sessionKey({ upstream, sticky }: LeaseRequest): string {
  return `${upstream}:${sticky ?? ''}`;
}

function outOfReach(cause: unknown): GatewayError {
  return new GatewayError('unavailable', 'The credential pool is out of reach; try again shortly.', {
    saw: 'nothing',
    retryAfterMs: 1_000,
    ...(cause !== undefined && { cause }),
  });
}
