import type { CredentialUse } from '@sluice/contracts/credential';
import { defineScript } from '@sluice/platform-redis/define-script';
import type { Redis } from '@sluice/platform-redis/redis';
import type { CoolDown } from './credential-policy.js';

export interface LeaseCandidate {
  credentialId: string;
  /** Simultaneous uses; 0 means any number. */
  limit: number;
}

/** Why a candidate before the taken one was passed over, and how long that lasts at most. */
export type PassedOver = { type: 'full' | 'resting'; forMs: number };

export interface LeaseReply {
  taken: { position: number; epoch: number; isOnTrial: boolean } | undefined;
  /** One for each candidate, in order, up to the taken one. */
  passedOver: PassedOver[];
}

export interface LeaseKey {
  credentialId: string;
  use: CredentialUse;
  leaseId: string;
}

/** The pool's live state in Redis, one script per step. Keys derive from one base: this store is not for a sharded Redis. */
export class LeaseStore {
  private readonly keys: readonly string[];

  constructor(private readonly options: { redis: Redis; prefix: string; leaseMs: number }) {
    this.keys = [`${options.prefix}:pool`];
  }

  /** Takes the first candidate that has room. */
  async lease(use: CredentialUse, leaseId: string, candidates: readonly LeaseCandidate[]): Promise<LeaseReply> {
    const { redis, leaseMs } = this.options;
    const list = candidates.flatMap(({ credentialId, limit }) => [credentialId, limit]);
    const [position = 0, epoch = 0, trial, ...passed] = await leaseScript.run(redis, this.keys, [
      use,
      leaseMs,
      leaseId,
      ...list,
    ]);
    return {
      taken: position === 0 ? undefined : { position: position - 1, epoch, isOnTrial: trial === 1 },
      passedOver: passed.map((ms) => (ms > 0 ? { type: 'full', forMs: ms } : { type: 'resting', forMs: -ms })),
    };
  }

  async renew({ credentialId, use, leaseId }: LeaseKey): Promise<boolean> {
    const { redis, leaseMs } = this.options;
    return (await renewScript.run(redis, this.keys, [credentialId, use, leaseId, leaseMs])) === 1;
  }

  async release({ credentialId, use, leaseId }: LeaseKey): Promise<void> {
    await releaseScript.run(this.options.redis, this.keys, [credentialId, use, leaseId]);
  }

  /** Counts a failure; answers how long the credential rests now. */
  async coolDown(failure: {
    credentialId: string;
    epoch: number;
    toldMs: number | undefined;
    rule: CoolDown;
  }): Promise<{ restMs: number }> {
    const { credentialId, epoch, toldMs, rule } = failure;
    const told = toldMs === undefined ? -1 : Math.ceil(toldMs);
    const args = [credentialId, epoch, told, rule.baseMs, rule.maximumMs, rule.threshold];
    const [restMs] = await coolDownScript.run(this.options.redis, this.keys, args);
    return { restMs };
  }

  /** Forgets failures before `epoch`; false when there is a later one. */
  async recover(credentialId: string, epoch: number): Promise<boolean> {
    return (await recoverScript.run(this.options.redis, this.keys, [credentialId, epoch])) === 1;
  }

  /** Forgets all failures: the credential was changed by an operator. */
  async reset(credentialId: string): Promise<void> {
    await recoverScript.run(this.options.redis, this.keys, [credentialId, -1]);
  }
}

const script = (name: string) => ({ name, url: new URL(`../lua/${name}.1.lua`, import.meta.url), keys: 1 });
const leaseScript = defineScript<number[]>(script('lease'));
const renewScript = defineScript<number>(script('renew'));
const releaseScript = defineScript<number>(script('release'));
const coolDownScript = defineScript<[restMs: number, failures: number]>(script('cool-down'));
const recoverScript = defineScript<number>(script('recover'));
