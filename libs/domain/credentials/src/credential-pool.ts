import { randomBytes } from 'node:crypto';
import type { Clock } from '@sluice/contracts/clock';
import type { Lease } from '@sluice/contracts/credential';
import { InFlight } from '@sluice/contracts/in-flight';
import { findUpstream } from '@sluice/manifests/upstreams';
import type { Logger } from '@sluice/platform-logger/logger';
import type { AccountLook, AccountLooks, LookedAt } from './account-looks.js';
import type { CredentialDirectory } from './credential-directory.js';
import type { CredentialReporter } from './credential-report.js';
import type { CredentialTally } from './credential-tally.js';
import type { CredentialSource, LeaseAnswer, LeaseOutcome, LeaseRequest } from './credential-source.js';
import { grant, newHeldLease, toKept, type HeldLease } from './held-lease.js';
import { HoldTimes } from './hold-times.js';
import { type Choice, LeaseAsker, LOOK_AGAIN_MS } from './lease-asker.js';
import { windowOwner } from './lease-rule.js';
import type { LeaseStore, Waiting } from './lease-store.js';
import { explainNoneFree } from './none-free.js';
import { isFree, modelRestUntil, noteRefusal, type PooledCredential } from './pooled-credential.js';
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
/** Of those who wait, so many look when a rest is over; the others are called when that went well. */
const SCOUTS = 4;
const LOOK_AGAIN_AFTER_REST_MS = 5_000;
/** Those who look for themselves come one after the other. */
const STAGGER_MS = 100;
const MOST_STAGGERED = 100;

/** Leases from memory and one script call: who is asked is decided here, who gets a slot by Redis. */
export class CredentialPool implements CredentialSource {
  readonly held = new InFlight<HeldLease>();
  private readonly holdTimes = new HoldTimes();
  private readonly probes = new ProbeSchedule();
  private readonly leaseIdPrefix = randomBytes(6).toString('base64url');
  private leaseCount = 0;

  private readonly asker: LeaseAsker;

  constructor(private readonly options: CredentialPoolOptions) {
    const { directory, leases, ends, onClosed } = options;
    this.asker = new LeaseAsker({ directory, leases, ends, onClosed, holdTimes: this.holdTimes });
  }

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
      const choice = { request, pool, candidates, nowMs, isLast };
      const ahead = this.goAhead(choice);
      if (ahead !== undefined) return { type: 'leased', lease: ahead };
      const taken = await this.take(choice);
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
    if (outcome.type === 'failed') noteRefusal(credential, this.options.clock.now());
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

  /**
   * Where nobody counts the uses, the store only books them; it refuses one where the credential rests, and what it said of that a
   * moment ago will do. So the use begins while its lease is on the way there. Renewing puts back one that did not get there.
   */
  private goAhead(choice: Choice): Lease | undefined {
    const { request, pool, nowMs } = choice;
    const credential = choice.candidates[0];
    if (credential === undefined || !isFree(credential, request, nowMs)) return undefined;
    const id = this.nextLeaseId();
    const held = newHeldLease({ id, credential, request, nowMs, leaseMs: this.options.leaseMs });
    this.asker.ask(id, { ...choice, candidates: [credential] }).then(
      ({ reply }) => {
        // Where it has ended meanwhile, that says more than the store could know.
        if (reply.taken && this.held.get(id)) grant(held, reply.taken);
      },
      (error: unknown) => {
        noteRefusal(credential, this.options.clock.now());
        this.options.logger.warn({ err: error, credentialId: credential.row.id }, 'a lease could not be booked');
      },
    );
    pool.observe(credential, { use: request.use, busy: (credential.busy.get(request.use) ?? 0) + 1 });
    return this.hold(held, pool);
  }

  /** The lease; or, where there is none, the place in the queue. */
  private async take(choice: Choice): Promise<Lease | number> {
    const { request, pool, nowMs } = choice;
    const leaseId = this.nextLeaseId();
    const { reply, candidates } = await this.asker.ask(leaseId, choice);
    const credential = candidates[reply.taken?.position ?? -1];
    if (reply.taken === undefined || credential === undefined) return reply.queuePlace;
    const { busy, left } = reply.taken;
    pool.observe(credential, { use: request.use, busy: busy ?? (credential.busy.get(request.use) ?? 0) + 1, left });
    if (request.sticky !== undefined) this.asker.remember(request, credential.row.id);
    const held = newHeldLease({ id: leaseId, credential, request, nowMs, leaseMs: this.options.leaseMs });
    grant(held, reply.taken);
    try {
      return this.hold(held, pool);
    } catch (error) {
      this.options.logger.error(
        { err: error, credentialId: credential.row.id },
        'the secret of a credential cannot be opened',
      );
      noteRefusal(credential, nowMs);
      pool.rest(credential, nowMs + UNREADABLE_REST_MS);
      await this.giveBack(held, { type: 'abandoned' });
      return 0;
    }
  }

  private nextLeaseId(): string {
    return `${this.leaseIdPrefix}${(this.leaseCount++).toString(36)}`;
  }

  private hold(held: HeldLease, { settings }: UpstreamPool): Lease {
    const { lease, credential, sinceMs } = held;
    Object.assign(lease, this.describe(credential));
    this.held.set(lease.id, held);
    if (isRefreshDue(credential, settings, sinceMs)) this.options.sessions?.refresh(credential.row);
    return lease;
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
}
