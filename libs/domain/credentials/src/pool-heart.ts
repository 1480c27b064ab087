import { randomBytes } from 'node:crypto';
import type { Clock } from '@sluice/contracts/clock';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Redis } from '@sluice/platform-redis/redis';
import type { HeldLease } from './held-lease.js';
import type { LeaseKey } from './lease-store.js';
import type { PoolMemory } from './pool-memory.js';
import { heartbeatScript, openScript } from './pool-scripts.js';

export interface PoolHeartOptions {
  redis: Redis;
  prefix: string;
  clock: Clock;
  logger: Logger;
  leaseMs: number;
  memory: Pick<PoolMemory, 'save' | 'restore'>;
  renew(leases: readonly (LeaseKey & { limit: number })[]): Promise<boolean[]>;
  /** The leases of this process. */
  held(): readonly { held: HeldLease; key: LeaseKey & { limit: number } }[];
  /** True once in the life of a database: then nothing can have been lost. */
  isFirst(): Promise<boolean>;
}

const BEAT_MS = 500;
const ALIVE_MS = 5_000;
/** Holders that have not put their leases back by then are taken for dead. */
const LONGEST_CLOSED_MS = 3_000;

/**
 * Keeps the pool in Redis alive. It is closed while its epoch is missing: after a loss of Redis every process puts back
 * the leases that it holds, one puts back what the database remembers, and it opens when all known ones have answered.
 */
export class PoolHeart {
  readonly workerId = randomBytes(6).toString('base64url');
  private readonly keys: readonly string[];
  private workers: readonly string[] = [];
  private era = '';
  private runId = '';
  private beating: Promise<void> | undefined;
  private cancelTimer: (() => void) | undefined;
  private isStopped = false;
  private isFirst = false;

  constructor(private readonly options: PoolHeartOptions) {
    this.keys = [`${options.prefix}:pool`];
    options.redis.on('close', this.forgetServer);
  }

  /** Resolves after the first beat; a store that is away is waited for in the background. */
  async start(): Promise<void> {
    this.isFirst = await this.options.isFirst();
    await this.beat();
  }

  /** At once, beside the regular beats. */
  beat(): Promise<void> {
    this.beating ??= this.beatOnce()
      .catch((error: unknown) => this.options.logger.debug({ err: error }, 'the pool could not be asked how it stands'))
      .finally(() => {
        this.beating = undefined;
        this.schedule();
      });
    return this.beating;
  }

  /** Before a script is loaded: a server that lost its scripts may have lost the last second, too. */
  async verifyServer(): Promise<void> {
    this.runId = '';
    await this.askStanding();
  }

  stop(): void {
    this.isStopped = true;
    this.cancelTimer?.();
    this.options.redis.off('close', this.forgetServer);
    // Nobody has to wait for one that said goodbye.
    this.options.redis.zrem(`${this.keys[0]}:workers`, this.workerId).catch(() => undefined);
  }

  private readonly forgetServer = (): void => {
    this.runId = '';
  };

  private schedule(): void {
    this.cancelTimer?.();
    if (!this.isStopped) this.cancelTimer = this.options.clock.after(BEAT_MS, () => void this.beat());
  }

  private async beatOnce(): Promise<void> {
    const { memory } = this.options;
    const [era, kept, ...workers] = await this.askStanding();
    if (era === '') return this.reopen(kept === '' ? ['anybody'] : workers);
    if (era !== this.era) await this.putBack();
    this.era = era;
    this.workers = workers;
    await memory.save();
  }

  private async askStanding(): Promise<[era: string, kept: string, ...workers: string[]]> {
    const { redis } = this.options;
    if (this.runId === '') this.runId = /^run_id:(\S+)/m.exec(await redis.info('server'))?.[1] ?? 'unknown';
    return heartbeatScript.run(redis, this.keys, [this.workerId, ALIVE_MS, this.runId]);
  }

  /** `strangers` are waited for by one that has just come: whoever the server remembers, or anybody where it remembers nothing. */
  private async reopen(strangers: readonly string[]): Promise<void> {
    const { redis, memory, logger } = this.options;
    await this.putBack();
    await memory.restore();
    const longestMs = this.isFirst ? 0 : LONGEST_CLOSED_MS;
    const known = this.workers.length === 0 ? strangers : this.workers;
    this.era = await openScript.run(redis, this.keys, [this.workerId, longestMs, this.runId, ...known]);
    this.isFirst &&= this.era === '';
    if (this.era !== '') logger.info({ workers: known.length }, 'the credential pool is open');
    else this.options.clock.after(50, () => void this.beat());
  }

  /** What cannot be put back is lost, and its work ends. */
  private async putBack(): Promise<void> {
    const { clock, leaseMs, held, renew } = this.options;
    const all = held();
    if (all.length === 0) return;
    const askedAtMs = clock.now();
    const kept = await renew(all.map(({ key }) => key));
    for (const [place, { held: one }] of all.entries())
      one.lease.expiresAtMs = kept[place] === true ? askedAtMs + leaseMs : 0;
  }
}
