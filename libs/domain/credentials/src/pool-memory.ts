import type { Postgres } from '@sluice/platform-postgres/create-postgres';
import type { Redis } from '@sluice/platform-redis/redis';
import type { CredentialCounters } from './credential-counters.js';
import { ownerOf } from './lease-rule.js';
import { listStandings, saveWindows, type Standing } from './pool-statements.js';
import { restoreScript, takeDirtyScript } from './pool-scripts.js';

const ROWS_PER_PAGE = 5_000;
const OWNERS_PER_SAVE = 1_000;

export interface PoolMemoryOptions {
  postgres: Postgres;
  redis: Redis;
  prefix: string;
  /** Whose counts a group's are. */
  membersOf(owner: string): readonly string[];
}

/** What Redis counts, written down in the database, and put back after a loss. */
export class PoolMemory {
  private readonly keys: readonly string[];

  constructor(private readonly options: PoolMemoryOptions) {
    this.keys = [`${options.prefix}:pool`];
  }

  /** Writes down the windows that moved; false when more are left. */
  async save(): Promise<boolean> {
    const { redis, postgres, membersOf } = this.options;
    const taken = await takeDirtyScript.run(redis, this.keys, [OWNERS_PER_SAVE]);
    if (taken.length === 0) return true;
    const ids: string[] = [];
    const windowsJson: string[] = [];
    for (let place = 0; place < taken.length; place += 2) {
      const json = JSON.stringify(toWindows(taken[place + 1] ?? []));
      for (const id of membersOf(String(taken[place]))) {
        ids.push(id);
        windowsJson.push(json);
      }
    }
    try {
      await saveWindows.run(postgres, ids, windowsJson);
    } catch (error) {
      const owners = taken.filter((_one, place) => place % 2 === 0).map(String);
      await redis.sadd(`${this.keys[0]}:dirty`, ...owners);
      throw error;
    }
    return taken.length < 2 * OWNERS_PER_SAVE;
  }

  /** Puts windows and rests back where Redis has nothing newer. Answers how many credentials it read. */
  async restore(): Promise<number> {
    const { postgres, redis } = this.options;
    let count = 0;
    for (let after = ''; ;) {
      const page = await listStandings.all(postgres, after, ROWS_PER_PAGE);
      const args = page.flatMap(toArguments);
      if (args.length > 0) await this.restoreIn(redis, args);
      count += page.length;
      const last = page.at(-1);
      if (last === undefined || page.length < ROWS_PER_PAGE) return count;
      after = last.id;
    }
  }

  /** In steps that do not hold up who else asks Redis. */
  private async restoreIn(redis: Redis, args: readonly (string | number)[]): Promise<void> {
    for (let place = 0; place < args.length; place += 2_500)
      await restoreScript.run(redis, this.keys, args.slice(place, place + 2_500));
  }
}

function toWindows(entries: string | readonly string[]): CredentialCounters['windows'] {
  const windows: CredentialCounters['windows'] = {};
  for (let place = 0; place < entries.length; place += 2) {
    const [endMs = 0, used = 0] = String(entries[place + 1])
      .split(':')
      .map(Number);
    windows[String(entries[place])] = [endMs, used];
  }
  return windows;
}

function toArguments(standing: Standing): (string | number)[] {
  const { id, windows, rests, state, nextTryAt, epoch } = standing;
  const owner = ownerOf(standing);
  const args = Object.entries(windows ?? {}).flatMap(([name, [endMs, used]]) => ['w', owner, name, endMs, used]);
  for (const [model, rest] of Object.entries(rests ?? {})) args.push('m', owner, model, rest.untilMs, rest.epoch);
  if (state !== 'ready' && nextTryAt !== null) args.push('c', id, '', nextTryAt.getTime(), epoch);
  return args;
}
