import type { CredentialUse } from '@sluice/contracts/credential';
import type { Redis } from '@sluice/platform-redis/redis';
import type { CoolDown } from './credential-policy.js';
import type { LeaseRule } from './lease-rule.js';
import {
  coolDownScript,
  leaseScript,
  recoverScript,
  releaseScript,
  renewScript,
  restModelScript,
  wakeScript,
} from './pool-scripts.js';

export interface LeaseCandidate {
  credentialId: string;
  /** Simultaneous uses; 0 means any number. */
  limit: number;
  /** Whose rests of models are its; absent: its own. */
  restOwner?: string | undefined;
  rules?: readonly LeaseRule[];
}

export interface LeaseAsk {
  use: CredentialUse;
  /** Those are passed over where it rests; absent: it does not matter. */
  model?: string | undefined;
  leaseId: string;
  candidates: readonly LeaseCandidate[];
  /** The session that stays with its credential; `isFree` where it takes another one. */
  sticky?: { key: string; ms: number; isFree: boolean } | undefined;
  /** Who waits; `isQueued` puts it in the queue where there is no lease for it. */
  waiter?: Waiter | undefined;
}

export interface Waiter {
  id: string;
  sinceMs: number;
  queue: string;
  model: string;
  pinned: string | undefined;
  /** Only credentials of this kind will do. */
  kind: string | undefined;
  isQueued: boolean;
}

/** Why a candidate before the taken one was passed over, and how long that lasts at most. */
export interface PassedOver {
  type: 'full' | 'resting' | 'used-up' | 'model-resting';
  forMs: number;
}

export type LeaseReply =
  | { type: 'asked'; taken: TakenLease | undefined; passedOver: PassedOver[]; queuePlace: number }
  /** What Redis knew is lost: no lease until the holders have put theirs back. */
  | { type: 'closed' }
  /** The session is with a credential that was not among the candidates. */
  | { type: 'bound'; credentialId: string };

export interface TakenLease {
  /** Among the candidates. */
  position: number;
  epoch: number;
  isOnTrial: boolean;
  /** Leases of that credential and use in the cluster; undefined where nobody counts. */
  busy: number | undefined;
  /** What its tightest window leaves. */
  left: number | undefined;
}

export interface LeaseKey {
  credentialId: string;
  use: CredentialUse;
  leaseId: string;
  /** Set where the uses of that model are counted too. */
  model?: string | undefined;
}

export interface GivenBack extends LeaseKey {
  queue: string;
  /** `modelList` of the credential: the longest waiting is taken out of the queue in the same step. */
  nextFor?: string;
  /** What it was leased for: who waits for the same is next where the others cannot be served. */
  served?: string;
  /** Whose rests of models are its; absent: its own. */
  restOwner?: string | undefined;
  /** What the credential is: who waits for another kind is not next. */
  kind?: string | undefined;
  tokens?: { used: number; rules: readonly LeaseRule[] };
}

/** Who waits for a lease like the one that was given back. */
export interface Waiting {
  count: number;
  /** Taken out of the queue, to be started. */
  next: string | undefined;
}

export interface Freed {
  /** Of those who wait for such a lease. */
  queue: string;
  credentialId: string;
  /** Undefined: any. */
  models: readonly string[] | undefined;
  /** Whose rests of models are its; absent: its own. */
  restOwner?: string | undefined;
  kind: string;
  count: number;
}

/** An upstream refused one model, and not the credential. */
export interface ModelRefusal {
  /** Credential or quota group. */
  owner: string;
  model: string;
  epoch: number;
  toldMs: number | undefined;
  rule: CoolDown;
}

/** Leases in Redis, one script per step. Keys derive from one base: this store is not for a sharded Redis. */
export class LeaseStore {
  private readonly keys: readonly string[];

  constructor(
    private readonly options: { redis: Redis; prefix: string; leaseMs: number; beforeLoad?: () => Promise<void> },
  ) {
    this.keys = [`${options.prefix}:pool`];
  }

  /** Takes the first candidate that has room. */
  async lease(ask: LeaseAsk): Promise<LeaseReply> {
    const { redis, leaseMs, beforeLoad } = this.options;
    const { use, leaseId, model = '' } = ask;
    const args: (string | number)[] = [use, leaseMs, leaseId, stickyArgument(ask), waiterArgument(ask), model];
    for (const { credentialId, limit, restOwner = '', rules = [] } of ask.candidates) {
      args.push(credentialId, limit, restOwner, rules.length);
      for (const { type, owner, name, count, perMs, cost } of rules)
        args.push(cost === undefined ? LETTERS[type] : LETTERS[type] + cost, owner, name, count, perMs);
    }
    return readReply(await leaseScript.run(redis, this.keys, args, beforeLoad));
  }

  /** For each lease whether it is kept. */
  async renew(leases: readonly (LeaseKey & { limit: number })[]): Promise<boolean[]> {
    const { redis, leaseMs } = this.options;
    const list = leases.flatMap(({ credentialId, use, leaseId, model, limit }) => [
      credentialId,
      use,
      leaseId,
      model ?? '',
      limit,
    ]);
    return (await renewScript.run(redis, this.keys, [leaseMs, ...list])).map((kept) => kept === 1);
  }

  async release(given: GivenBack): Promise<Waiting> {
    const { credentialId, use, leaseId, model = '', queue, nextFor = '', tokens } = given;
    const { restOwner = credentialId, served = '', kind = '' } = given;
    const args: (string | number)[] = [credentialId, use, leaseId, model, queue, nextFor, restOwner, served, kind];
    if (tokens !== undefined) {
      args.push(tokens.used);
      for (const { owner, name, perMs } of tokens.rules) args.push(owner, name, perMs);
    }
    const reply = await releaseScript.run(this.options.redis, this.keys, args);
    return typeof reply === 'number' ? { count: reply, next: undefined } : { count: reply[0], next: reply[1] };
  }

  /** Takes out of the queue who shall try again now. */
  wake({ queue, credentialId, models, count, restOwner = credentialId, kind }: Freed): Promise<string[]> {
    const args = [queue, count, credentialId, modelList(models), restOwner, kind];
    return wakeScript.run(this.options.redis, this.keys, args);
  }

  /** Counts a failure; answers how long the credential rests now, and the epoch up to which leases knew nothing of it. */
  async coolDown(failure: {
    credentialId: string;
    epoch: number;
    toldMs: number | undefined;
    rule: CoolDown;
  }): Promise<{ restMs: number; epoch: number }> {
    const { credentialId, toldMs, rule } = failure;
    const told = toldMs === undefined ? -1 : Math.ceil(toldMs);
    const args = [credentialId, failure.epoch, told, rule.baseMs, longestOf(rule, toldMs), rule.threshold];
    const [restMs, , epoch] = await coolDownScript.run(this.options.redis, this.keys, args);
    return { restMs, epoch };
  }

  /** Lets a model rest for all who share its quota; answers for how long from now. */
  async restModel(refusal: ModelRefusal): Promise<{ restMs: number }> {
    const { owner, model, epoch, toldMs, rule } = refusal;
    const told = toldMs === undefined ? -1 : Math.ceil(toldMs);
    const args = [owner, model, epoch, told, rule.baseMs, longestOf(rule, toldMs)];
    return { restMs: await restModelScript.run(this.options.redis, this.keys, args) };
  }

  /** Forgets failures before `epoch`; false when there is a later one. */
  async recover(credentialId: string, epoch: number): Promise<boolean> {
    return (await recoverScript.run(this.options.redis, this.keys, [credentialId, epoch, ''])) === 1;
  }

  /** Forgets all failures: the credential was changed by an operator. With the rests of models of `restOwner`. */
  async reset(credentialId: string, restOwner = ''): Promise<void> {
    await recoverScript.run(this.options.redis, this.keys, [credentialId, -1, restOwner]);
  }
}

/** As the scripts look a model up in it; undefined: any. */
export function modelList(models: readonly string[] | undefined): string {
  return models === undefined ? '*' : `\n${models.join('\n')}\n`;
}

const LETTERS = { simultaneous: 'c', requests: 'r', tokens: 't' } as const;
const PASSED_OVER = [undefined, 'full', 'resting', 'used-up', 'model-resting'] as const;

function longestOf({ longestGuessMs, maximumMs }: CoolDown, toldMs: number | undefined): number {
  return toldMs === undefined ? (longestGuessMs ?? maximumMs) : maximumMs;
}

function stickyArgument({ sticky }: LeaseAsk): string {
  return sticky === undefined ? '' : `${sticky.ms} ${sticky.isFree ? '!' : '+'} ${sticky.key}`;
}

function waiterArgument({ waiter }: LeaseAsk): string {
  if (waiter === undefined) return '';
  const { id, sinceMs, queue, model, pinned, kind, isQueued } = waiter;
  const wanted = pinned ?? (kind === undefined ? '-' : `=${kind}`);
  return `${sinceMs} ${isQueued ? '+' : '-'} ${queue} ${id} ${wanted} ${model}`;
}

function readReply(reply: (number | string)[]): LeaseReply {
  const [position = 0, epoch = 0, trial, busy = -1, left = -1] = reply;
  if (position === -1) return { type: 'closed' };
  if (position === -2) return { type: 'bound', credentialId: String(epoch) };
  const passedOver: PassedOver[] = [];
  for (let place = 5; place < reply.length; place += 2) {
    const type = PASSED_OVER[Number(reply[place])];
    if (type !== undefined) passedOver.push({ type, forMs: Number(reply[place + 1]) });
  }
  if (position === 0) return { type: 'asked', taken: undefined, passedOver, queuePlace: Number(epoch) };
  const taken = {
    position: Number(position) - 1,
    epoch: Number(epoch),
    isOnTrial: trial === 1,
    busy: told(busy),
    left: told(left),
  };
  return { type: 'asked', taken, passedOver, queuePlace: 0 };
}

function told(value: number | string): number | undefined {
  return Number(value) < 0 ? undefined : Number(value);
}
