import { randomBytes } from 'node:crypto';
import type { Clock } from '@sluice/contracts/clock';
import type { CredentialUse, Lease } from '@sluice/contracts/credential';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { findUpstream } from '@sluice/manifests/upstreams';
import type { Logger } from '@sluice/platform-logger/logger';
import type { CredentialDirectory } from './credential-directory.js';
import type { CredentialReporter } from './credential-report.js';
import type { CredentialSource, LeaseAnswer, LeaseOutcome, LeaseRequest } from './credential-source.js';
import { HoldTimes } from './hold-times.js';
import type { LeaseReply, LeaseStore } from './lease-store.js';
import { explainNoneFree } from './none-free.js';
import type { PooledCredential } from './pooled-credential.js';
import { sealContext } from './stored-credential.js';
import type { UpstreamPool } from './upstream-pool.js';
import type { Vault } from './vault.js';

export interface CredentialPoolOptions {
  directory: CredentialDirectory;
  leases: Pick<LeaseStore, 'lease' | 'renew' | 'release'>;
  reporter: Pick<CredentialReporter, 'report'>;
  vault: Pick<Vault, 'unseal'>;
  clock: Clock;
  logger: Logger;
  leaseMs: number;
}

/** Nearly always the first will do; where it does not, more are asked at once. */
const FIRST_CHOICE = 16;
const LATER_CHOICE = 128;
const ROUNDS = 100;
const UNREADABLE_REST_MS = 60_000;

/** What this process knows of a lease that it holds. */
interface HeldLease {
  credential: PooledCredential;
  use: CredentialUse;
  isOnTrial: boolean;
  sinceMs: number;
}

/** Leases from memory and one script call: who is asked is decided here, who gets a slot by Redis. */
export class CredentialPool implements CredentialSource {
  private readonly held = new Map<string, HeldLease>();
  private readonly holdTimes = new HoldTimes();
  private readonly leaseIdPrefix = randomBytes(6).toString('base64url');
  private leaseCount = 0;

  constructor(private readonly options: CredentialPoolOptions) {}

  async lease(request: LeaseRequest): Promise<LeaseAnswer> {
    const pool = this.options.directory.upstream(request.upstream);
    for (let round = 0; ; round++) {
      const nowMs = this.options.clock.now();
      const selection = pool.select({ request, count: round === 0 ? FIRST_CHOICE : LATER_CHOICE, nowMs });
      if (selection.candidates.length === 0 || round === ROUNDS) {
        return { type: 'none-free', noneFree: explainNoneFree(request, selection, nowMs) };
      }
      const lease = await this.take({ request, pool, candidates: selection.candidates, nowMs });
      if (lease !== undefined) return { type: 'leased', lease };
    }
  }

  async renew(lease: Lease): Promise<boolean> {
    const { leases, clock, leaseMs, logger } = this.options;
    const held = this.held.get(lease.id);
    if (held === undefined) return false;
    const askedAtMs = clock.now();
    try {
      const isKept = await leases.renew({ credentialId: lease.credentialId, use: held.use, leaseId: lease.id });
      if (isKept) lease.expiresAtMs = askedAtMs + leaseMs;
      return isKept;
    } catch (error) {
      logger.warn({ err: error, credentialId: lease.credentialId }, 'a lease could not be renewed');
      // It still stands; but the next renewal comes after a third, and must not come too late.
      return lease.expiresAtMs - clock.now() > leaseMs / 2;
    }
  }

  async release(lease: Lease, outcome: LeaseOutcome): Promise<void> {
    const held = this.held.get(lease.id);
    if (held === undefined) return;
    this.held.delete(lease.id);
    held.credential.fullUntilMs.delete(held.use);
    this.holdTimes.record(held.use, this.options.clock.now() - held.sinceMs);
    const report = { credentialId: lease.credentialId, epoch: lease.epoch, isOnTrial: held.isOnTrial, outcome };
    // A failure is told before its slot is given to the next, who would only meet it too.
    if (outcome.type === 'failed') await this.options.reporter.report(report);
    await this.giveBack(lease, held.use);
    if (outcome.type === 'succeeded') await this.options.reporter.report(report);
  }

  async close(): Promise<void> {
    this.options.directory.close();
  }

  private async take(choice: {
    request: LeaseRequest;
    pool: UpstreamPool;
    candidates: PooledCredential[];
    nowMs: number;
  }): Promise<Lease | undefined> {
    const { request, pool, candidates, nowMs } = choice;
    const { use } = request;
    const leaseId = `${this.leaseIdPrefix}${(this.leaseCount++).toString(36)}`;
    const reply = await this.askStore(use, leaseId, candidates);
    this.learn({ reply, use, pool, candidates, nowMs });
    const credential = candidates[reply.taken?.position ?? -1];
    if (reply.taken === undefined || credential === undefined) return undefined;
    const { epoch, isOnTrial } = reply.taken;
    const lease = { id: leaseId, credentialId: credential.row.id, epoch, expiresAtMs: nowMs + this.options.leaseMs };
    this.held.set(leaseId, {
      credential,
      use,
      isOnTrial: isOnTrial || credential.row.state !== 'ready',
      sinceMs: nowMs,
    });
    try {
      return { ...lease, ...this.describe(credential) };
    } catch (error) {
      this.options.logger.error(
        { err: error, credentialId: credential.row.id },
        'the secret of a credential cannot be opened',
      );
      pool.rest(credential, nowMs + UNREADABLE_REST_MS);
      this.held.delete(leaseId);
      await this.giveBack(lease, use);
      return undefined;
    }
  }

  private async askStore(
    use: CredentialUse,
    leaseId: string,
    candidates: readonly PooledCredential[],
  ): Promise<LeaseReply> {
    const asked = candidates.map(({ row }) => ({
      credentialId: row.id,
      limit: row.state === 'ready' ? (row.limits[use] ?? 0) : 1,
    }));
    try {
      return await this.options.leases.lease(use, leaseId, asked);
    } catch (error) {
      throw new GatewayError('unavailable', 'The credential pool is out of reach; try again shortly.', {
        cause: error,
        saw: 'nothing',
        retryAfterMs: 1_000,
      });
    }
  }

  /** Those that were passed over are not asked again for a while. */
  private learn(lesson: {
    reply: LeaseReply;
    use: CredentialUse;
    pool: UpstreamPool;
    candidates: PooledCredential[];
    nowMs: number;
  }): void {
    const { reply, use, pool, candidates, nowMs } = lesson;
    for (const [place, passedOver] of reply.passedOver.entries()) {
      const credential = candidates[place];
      if (credential === undefined) continue;
      if (passedOver.type === 'resting') pool.rest(credential, nowMs + passedOver.forMs);
      else {
        const guessMs = this.holdTimes.guessNextFreeMs(use, credential.row.limits[use] ?? 1);
        credential.fullUntilMs.set(use, nowMs + Math.min(passedOver.forMs, guessMs));
      }
    }
  }

  private describe(credential: PooledCredential): Pick<Lease, 'kind' | 'secret' | 'baseUrl' | 'allowPrivateNetwork'> {
    const { id, upstream, kind, baseUrl, allowPrivateNetwork, secret } = credential.row;
    credential.secret ??= JSON.parse(this.options.vault.unseal(secret, sealContext(id))) as unknown;
    const defaultBaseUrl = findUpstream(upstream)?.kinds[kind]?.defaultBaseUrl ?? null;
    return { kind, secret: credential.secret, baseUrl: baseUrl ?? defaultBaseUrl, allowPrivateNetwork };
  }

  private async giveBack(lease: Pick<Lease, 'id' | 'credentialId'>, use: CredentialUse): Promise<void> {
    try {
      await this.options.leases.release({ credentialId: lease.credentialId, use, leaseId: lease.id });
    } catch (error) {
      this.options.logger.warn(
        { err: error, credentialId: lease.credentialId },
        'a lease could not be given back; it ends by itself',
      );
    }
  }
}
