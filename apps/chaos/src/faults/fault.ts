import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../random.js';
import { askRedis } from '../system/stores.js';
import type { System } from '../system/system.js';

/** Something that goes wrong, and is over when its promise is. */
export interface Fault {
  name: string;
  weight: number;
  /** Draws what it needs, so that the schedule holds all chance. */
  plan(random: Random): (system: System) => Promise<void>;
}

const GATEWAYS = ['gateway', 'gateway-2'];
const WORKERS = ['sora-worker', 'sora-worker-2'];

export const FAULTS: readonly Fault[] = [
  ...GATEWAYS.map((name) => killOf(name, 3)),
  ...WORKERS.map((name) => killOf(name, 5)),
  ...GATEWAYS.map((name) => pauseOf(name, { weight: 1, mostMs: 4_000 })),
  ...WORKERS.map((name) => pauseOf(name, { weight: 2, mostMs: 40_000 })),
  { name: 'kill -9 redis', weight: 2, plan: () => killStore('redis') },
  { name: 'kill -9 postgres', weight: 2, plan: () => killStore('postgres') },
  {
    name: 'redis FLUSHALL',
    weight: 2,
    plan:
      () =>
      async ({ redis }) =>
        void (await askRedis(redis.port, 'FLUSHALL').catch(() => undefined)),
  },
  {
    name: 'redis FLUSHALL and kill -9',
    weight: 1,
    plan: () => async (system) => {
      await askRedis(system.redis.port, 'FLUSHALL').catch(() => undefined);
      system.redis.process.kill();
    },
  },
  ...(['postgres', 'redis', 'upstream'] as const).flatMap((name): Fault[] => [
    {
      name: `slow ${name}`,
      weight: 1,
      plan: (random) => {
        const delayMs = random.between(20, name === 'upstream' ? 2_000 : 400);
        const lastsMs = random.between(500, 4_000);
        return async ({ proxies }) => {
          proxies[name].setDelay(delayMs);
          await delay(lastsMs);
          proxies[name].setDelay(0);
        };
      },
    },
    {
      name: `reset ${name}`,
      weight: 2,
      plan:
        () =>
        ({ proxies }) =>
          Promise.resolve(proxies[name].resetAll()),
    },
  ]),
];

function killOf(name: string, weight: number): Fault {
  return {
    name: `kill -9 ${name}`,
    weight,
    plan: () => async (system) => signal(await pidOf(system, name), 'SIGKILL'),
  };
}

/** Longer than a lease and a queue's lock: what wakes up must find that it has been replaced. */
function pauseOf(name: string, { weight, mostMs }: { weight: number; mostMs: number }): Fault {
  return {
    name: `SIGSTOP ${name}`,
    weight,
    plan: (random) => {
      const lastsMs = random.between(500, mostMs);
      return async (system) => {
        const pid = await pidOf(system, name);
        signal(pid, 'SIGSTOP');
        await delay(lastsMs);
        signal(pid, 'SIGCONT');
      };
    },
  };
}

function killStore(name: 'postgres' | 'redis'): (system: System) => Promise<void> {
  return (system) => Promise.resolve(system[name].process.kill());
}

async function pidOf({ sluice }: System, name: string): Promise<number | undefined> {
  return (await sluice.run()).pids[name];
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, name);
  } catch {
    // It is dead already, and on its way back.
  }
}
