import { randomBytes } from 'node:crypto';
import type { Clock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { InFlight } from '@sluice/contracts/in-flight';
import { findUpstream } from '@sluice/manifests/upstreams';
import type { Logger } from '@sluice/platform-logger/logger';
import type { AccountLook, AccountLooks, LookedAt } from './account-looks.js';
import type { CredentialDirectory } from './credential-directory.js';
import type { CredentialReporter } from './credential-report.js';
import type { CredentialTally } from './credential-tally.js';
import type { CredentialSource, LeaseAnswer, LeaseOutcome, LeaseRequest } from './credential-source.js';
import { toKept, type HeldLease } from './held-lease.js';
import { HoldTimes } from './hold-times.js';
import { rulesFor, windowOwner } from './lease-rule.js';
import type { LeaseAsk, LeaseReply, LeaseStore, Waiting } from './lease-store.js';
import { explainNoneFree } from './none-free.js';
import {
  fullKey,
  fullUntil,
  MENDED_BY_PROBE,
  modelRestUntil,
  PROBE_GRACE_MS,
  serves,
  type PooledCredential,
} from './pooled-credential.js';
import { ProbeSchedule, type ProbeDue } from './probe-schedule.js';
import { queueOf, type TurnGiver } from './turn-giver.js';
import { openProxyUrl } from './proxy-url.js';
import type { RestEnds } from './rest-ends.js';
import { isRefreshDue } from './session-due.js';
import { sealContext, type StoredCredential } from './stored-credential.js';
import type { Selection, UpstreamPool } from './upstream-pool.js';
import type { Vault } from './vault.js';

export interface CredentialPoolOptions {
  directory: CredentialDirectory;
  leases: Pick<LeaseStore, 'lease' | 'renew' | 'release'>;
  reporter: Pick<CredentialReporter, 'report'>;
  turns: Pick<TurnGiver, 'give' | 'start'>;
  ends: Pick<RestEnds, 'watchUsedUp'>;
  looks: Pick<AccountLooks, 'save'>;
  tally: Pick<CredentialTally, 'worked'>;
  vault: Pick<Vault, 'unseal'>;
  clock: Clock;
  logger: Logger;
  leaseMs: number;
  sessions?: Sessions;
  /** Redis has lost what it knew. */
  onClosed(): void;
  onClose?(): Promise<void>;
}

/** Secrets that end and can be made fresh. */
export interface Sessions {
  expiresAtMs(row: StoredCredential, secret: unknown): number | undefined;
  /** Begins it; those who wait for it hear of the new secret as of any edit. */
  refresh(row: StoredCredential): void;
}

/** Nearly always the first will do; where it does not, more are asked at once. */
const FIRST_CHOICE = 4;
const LATER_CHOICE = 128;
const ROUNDS = 100;
const UNREADABLE_REST_MS = 60_000;
/** Who waits is told when it is its turn; it looks for itself this late, in case that it was not told. */
const LOOK_AGAIN_MS = 1_000;
/** Of those who wait, so many look when a rest is over; the others are called when that went well. */
const SCOUTS = 4;
const LOOK_AGAIN_AFTER_REST_MS = 5_000;
/** Those who look for themselves come one after the other. */
const STAGGER_MS = 100;
const MOST_STAGGERED = 100;
const MOST_SESSIONS = 50_000;

interface Choice {
  request: LeaseRequest;
  pool: UpstreamPool;
  candidates: PooledCredential[];
  nowMs: number;
  isLast: boolean;
}

/** Leases from memory and one script call: who is asked is decided here, who gets a slot by Redis. */
export class CredentialPool implements CredentialSource {
  readonly held = new InFlight<HeldLease>();
  private readonly holdTimes = new HoldTimes();
  private readonly probes = new ProbeSchedule();
  /** Where sessions were last seen; Redis knows better. */
  private readonly sessions = new Map<string, string>();
  private readonly leaseIdPrefix = randomBytes(6).toString('base64url');
  private leaseCount = 0;

  constructor(private readonly options: CredentialPoolOptions) {}

  async lease(request: LeaseRequest): Promise<LeaseAnswer> {
    const pool = this.options.directory.upstream(request.upstream);
    for (let round = 0; ; round++) {
      const nowMs = this.options.clock.now();
      const selection = pool.select({ request, count: round === 0 ? FIRST_CHOICE : LATER_CHOICE, nowMs });
      const isLast = selection.candidates.length === 0 || round === ROUNDS;
      if (isLast && (request.waiting === undefined || selection.servingCount === 0)) {
        return { type: 'none-free', noneFree: explainNoneFree(request, selection, nowMs) };
      }
      const candidates = isLast ? selection.full : selection.candidates;
      const taken = await this.take({ request, pool, candidates, nowMs, isLast });
      if (typeof taken === 'object') {
        if (!this.hasBegunToRest(taken)) return { type: 'leased', lease: taken };
        await this.release(taken, { type: 'abandoned' });
        continue;
      }
      if (isLast) return this.queued(request, selection, nowMs, taken);
    }
  }

  async renew(lease: Lease): Promise<boolean> {
    const held = this.held.get(lease.id);
    if (held === undefined) return false;
    const askedAtMs = this.options.clock.now();
    try {
      const [isKept = false] = await this.options.leases.renew([toKept(held)]);
      if (isKept) lease.expiresAtMs = askedAtMs + this.options.leaseMs;
      return isKept;
    } catch (error) {
      this.options.logger.warn({ err: error, credentialId: lease.credentialId }, 'a lease could not be renewed');
      // It still stands; but the next renewal comes after a third, and must not come too late.
      return lease.expiresAtMs - this.options.clock.now() > this.options.leaseMs / 2;
    }
  }

  async release(lease: Lease, outcome: LeaseOutcome): Promise<void> {
    const held = this.held.get(lease.id);
    if (held === undefined) return;
    this.held.delete(lease.id);
    const { credential, request } = held;
    if (credential.fullUntilMs.size > 0) credential.fullUntilMs.clear();
    if (outcome.type === 'succeeded' && request.use !== 'upkeep') this.options.tally.worked(credential.row.id);
    this.holdTimes.record(request.use, this.options.clock.now() - held.sinceMs);
    const { row, busy } = credential;
    const pool = this.options.directory.upstream(row.upstream);
    pool.observe(credential, { use: request.use, busy: (busy.get(request.use) ?? 1) - 1 });
    const report = { credentialId: row.id, epoch: lease.epoch, isOnTrial: held.isOnTrial, request, outcome };
    // A failure is told before its slot is given to the next, who would only meet it too.
    if (outcome.type === 'failed') await this.options.reporter.report(report);
    const waiting = await this.giveBack(held, outcome);
    const isStarted = waiting.next !== undefined && (await this.options.turns.start(request, waiting.next));
    const isRecovered = outcome.type === 'succeeded' && (await this.options.reporter.report(report));
    if (isRecovered) await this.options.turns.give({ credential, uses: undefined, count: undefined });
    else if (waiting.count > 0 && !isStarted)
      await this.options.turns.give({ credential, uses: [request.use], count: 1 });
  }

  /** The credential as it is, resting or switched off, for what its owner alone can do: it takes no slot. */
  open(credentialId: string): Lease | undefined {
    const credential = this.options.directory.get(credentialId);
    return credential && { id: '', credentialId, epoch: 0, expiresAtMs: 0, ...this.describe(credential) };
  }

  /** The lease goes on without this process: a row stands for it from now on, and `SlotKeeper` keeps it. */
  async detach(lease: Lease, outcome: LeaseOutcome): Promise<void> {
    const held = this.held.get(lease.id);
    if (held === undefined) return;
    this.held.delete(lease.id);
    const { isOnTrial, credential, request } = held;
    const { epoch } = lease;
    const report = { credentialId: credential.row.id, epoch, isOnTrial, request, outcome };
    if (await this.options.reporter.report(report))
      await this.options.turns.give({ credential, uses: undefined, count: undefined });
  }

  /** Which credentials of an upstream shall be looked at now. */
  dueForProbe(upstream: string): readonly ProbeDue[] {
    return this.probes.due(this.options.directory.upstream(upstream).all(), this.options.clock.now());
  }

  /** What a look at an account told, which stands until the next; without an epoch it was an operator's. */
  reportLook(of: LookedAt, look: AccountLook): Promise<void> {
    return this.options.looks.save(of, look);
  }

  async close(): Promise<void> {
    await this.options.onClose?.();
    this.options.directory.close();
  }

  /** The lease; or, where there is none, the place in the queue. */
  private async take(choice: Choice): Promise<Lease | number> {
    const { request, pool, nowMs } = choice;
    const leaseId = `${this.leaseIdPrefix}${(this.leaseCount++).toString(36)}`;
    const { reply, candidates } = await this.ask(leaseId, choice);
    if (reply.passedOver.length > 0) this.learn({ reply, request, pool, candidates, nowMs });
    const credential = candidates[reply.taken?.position ?? -1];
    if (reply.taken === undefined || credential === undefined) return reply.queuePlace;
    const { epoch, isOnTrial, busy, left } = reply.taken;
    pool.observe(credential, { use: request.use, busy: busy ?? (credential.busy.get(request.use) ?? 0) + 1, left });
    if (request.sticky !== undefined) this.remember(sessionKey(request), credential.row.id);
    const held: HeldLease = {
      lease: {
        id: leaseId,
        credentialId: credential.row.id,
        epoch,
        expiresAtMs: nowMs + this.options.leaseMs,
        kind: '',
        secret: undefined,
        baseUrl: null,
        allowPrivateNetwork: false,
      },
      credential,
      request,
      rules: rulesFor(credential.row, { use: request.use, model: request.model, nowMs }),
      isOnTrial: isOnTrial || credential.row.state !== 'ready',
      sinceMs: nowMs,
    };
    try {
      Object.assign(held.lease, this.describe(credential));
      this.held.set(leaseId, held);
      if (isRefreshDue(credential, pool.settings, nowMs)) this.options.sessions?.refresh(credential.row);
      return held.lease;
    } catch (error) {
      this.options.logger.error(
        { err: error, credentialId: credential.row.id },
        'the secret of a credential cannot be opened',
      );
      pool.rest(credential, nowMs + UNREADABLE_REST_MS);
      await this.giveBack(held, { type: 'abandoned' });
      return 0;
    }
  }

  /** Asks Redis; where a session turns out to be with another credential, once more with that one first. */
  private async ask(leaseId: string, choice: Choice): Promise<{ reply: Asked; candidates: PooledCredential[] }> {
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
      if (reply.type === 'asked') return { reply, candidates };
      if (reply.type === 'closed') {
        this.options.onClosed();
        throw outOfReach(undefined);
      }
      isFree = reply.credentialId === boundId;
      boundId = reply.credentialId;
    }
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
  private learn(lesson: {
    reply: Asked;
    request: LeaseRequest;
    pool: UpstreamPool;
    candidates: PooledCredential[];
    nowMs: number;
  }): void {
    const { reply, request, pool, candidates, nowMs } = lesson;
    for (const [place, { type, forMs }] of reply.passedOver.entries()) {
      const credential = candidates[place];
      if (credential === undefined) continue;
      if (type === 'resting')
        pool.rest(credential, nowMs + forMs + (MENDED_BY_PROBE.has(credential.row.state) ? PROBE_GRACE_MS : 0));
      else if (type === 'model-resting') this.options.directory.restModel(credential.row, request.model, nowMs + forMs);
      else if (type === 'used-up' && forMs > LOOK_AGAIN_MS) {
        pool.useUp(credential, request, nowMs + forMs);
        this.options.ends.watchUsedUp(credential.row.id, request.use, forMs);
      } else {
        const guessMs = this.holdTimes.guessNextFreeMs(request.use, credential.row.limits[request.use] ?? 1);
        const key = fullKey(request.use, type === 'full' ? undefined : request.model);
        credential.fullUntilMs.set(key, nowMs + Math.min(forMs, guessMs));
      }
    }
  }

  /** Its model was refused while the lease was on its way here: it would come too late. */
  private hasBegunToRest({ id }: Lease): boolean {
    const held = this.held.get(id);
    if (held?.credential.modelRests === undefined) return false;
    return modelRestUntil(held.credential, held.request) > this.options.clock.now();
  }

  private queued(request: LeaseRequest, before: Selection, nowMs: number, place: number): LeaseAnswer {
    const selection = before.nextFreeMs === undefined ? before : this.lookAgain(request, before, nowMs);
    const noneFree = explainNoneFree(request, selection, nowMs);
    if (noneFree.retryAtMs === undefined) return { type: 'none-free', noneFree };
    const isFull = before.full.length > 0;
    const lookAtMs = isFull ? nowMs + LOOK_AGAIN_MS : Math.min(noneFree.retryAtMs, nowMs + LOOK_AGAIN_AFTER_REST_MS);
    const lookAgainAtMs = lookAtMs + Math.min(place, MOST_STAGGERED) * STAGGER_MS;
    const isScout = !isFull && place < SCOUTS;
    const scout = isScout ? { restEndsAtMs: noneFree.retryAtMs } : {};
    return { type: 'none-free', noneFree: { ...noneFree, isQueued: true, lookAgainAtMs, ...scout } };
  }

  /** What Redis said of those that were thought full may have changed when the next one is expected. */
  private lookAgain(request: LeaseRequest, before: Selection, nowMs: number): Selection {
    const after = this.options.directory.upstream(request.upstream).select({ request, count: 1, nowMs });
    return after.candidates.length > 0 || after.nextFreeMs === undefined ? before : after;
  }

  private describe(credential: PooledCredential): Omit<Lease, 'id' | 'credentialId' | 'epoch' | 'expiresAtMs'> {
    const { id, upstream, kind, baseUrl, allowPrivateNetwork, secret, settings } = credential.row;
    if (credential.secret === undefined) {
      credential.secret = JSON.parse(this.options.vault.unseal(secret, sealContext(id))) as unknown;
      credential.sessionEndsAtMs =
        this.options.sessions?.expiresAtMs(credential.row, credential.secret) ?? Number.POSITIVE_INFINITY;
    }
    const defaultBaseUrl = findUpstream(upstream)?.kinds[kind]?.defaultBaseUrl ?? null;
    const { proxyUrl, headers, chatHabits, quotaGroup } = settings;
    const described = {
      kind,
      secret: credential.secret,
      baseUrl: baseUrl ?? defaultBaseUrl,
      allowPrivateNetwork,
      ...(quotaGroup !== undefined && { quotaGroup }),
      ...(headers && { headers }),
      ...(chatHabits && { chatHabits }),
    };
    return proxyUrl === undefined
      ? described
      : { ...described, proxyUrl: openProxyUrl(this.options.vault, proxyUrl, sealContext(id)) };
  }

  private async giveBack(held: HeldLease, outcome: LeaseOutcome): Promise<Waiting> {
    const { credentialId, use, leaseId, model } = toKept(held);
    const used = outcome.type === 'succeeded' ? (outcome.tokens ?? 0) : 0;
    const rules = used === 0 || held.rules.length === 0 ? [] : held.rules.filter(({ type }) => type === 'tokens');
    const tokens = rules.length > 0 ? { tokens: { used, rules } } : {};
    try {
      const queue = queueOf(held.request);
      // One that has failed may rest: then nobody is called to it.
      const nextFor = outcome.type === 'failed' ? '' : held.credential.shortList;
      const { row } = held.credential;
      const restOwner = windowOwner(row);
      const served = held.request.model;
      const given = { credentialId, use, leaseId, model, queue, nextFor, restOwner, served, kind: row.kind, ...tokens };
      return await this.options.leases.release(given);
    } catch (error) {
      this.options.logger.warn({ err: error, credentialId }, 'a lease could not be given back; it ends by itself');
      return { count: 0, next: undefined };
    }
  }

  private remember(key: string, credentialId: string): void {
    this.sessions.delete(key);
    this.sessions.set(key, credentialId);
    if (this.sessions.size <= MOST_SESSIONS) return;
    const [oldest] = this.sessions.keys();
    if (oldest !== undefined) this.sessions.delete(oldest);
  }
}

type Asked = Extract<LeaseReply, { type: 'asked' }>;

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
