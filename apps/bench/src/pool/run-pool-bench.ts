import type { BenchLine } from '../report/bench-line.js';
import { fillCredentials } from './fill-credentials.js';
import { measureLeases, type LeaseFigures } from './measure-leases.js';
import { startPoolStand, type PoolStand } from './pool-stand.js';

const CALLERS = 32;
const FOR_MS = 4_000;
const FEW = 100;
const MANY = 100_000;

/** What the pool promises in figures. */
export async function runPoolBench(print: (line: string) => void): Promise<BenchLine[]> {
  const stand = await startPoolStand();
  try {
    const few = await leasesOf(stand, { count: FEW, restingPercent: 0 });
    print(`${FEW} credentials: ${describe(few)}`);
    const many = await leasesOf(stand, { count: MANY, restingPercent: 0 });
    print(`${MANY} credentials: ${describe(many)}`);
    const cooling = await leasesOf(stand, { count: MANY, restingPercent: 99 });
    print(`${MANY} credentials, 99 % cooling: ${describe(cooling)}`);
    const rebuilt = await rebuild(stand);
    print(`rebuilt: ${rebuilt.toFixed(2)} s`);
    return [
      {
        title: `${CALLERS} callers, ${FEW} credentials: at least 20,000 a second, p99 below 5 ms`,
        figures: describe(few),
        isMet: few.perSecond >= 20_000 && few.p99Ms < 5,
      },
      line(
        `from ${FEW} to ${MANY} credentials a lease costs less than 1.5 times as much`,
        few.perSecond / many.perSecond,
        1.5,
      ),
      line('with 99 % of them cooling, less than 2 times', few.perSecond / cooling.perSecond, 2),
      {
        title: `Redis and the directory rebuilt for ${MANY} credentials in less than 10 s`,
        figures: `${rebuilt.toFixed(2)} s`,
        isMet: rebuilt < 10,
      },
    ];
  } finally {
    await stand.stop();
  }
}

async function leasesOf(stand: PoolStand, filling: { count: number; restingPercent: number }): Promise<LeaseFigures> {
  await stand.redis.flushall();
  await fillCredentials(stand.postgres, { ...filling, hasWindows: false });
  const pool = await stand.openPool();
  try {
    return await measureLeases(pool, { callers: CALLERS, forMs: FOR_MS });
  } finally {
    await pool.close();
  }
}

/** Every credential has a window and 99 of a hundred a rest: all of it lost, and put back. */
async function rebuild({ postgres, redis, memory, openPool }: PoolStand): Promise<number> {
  await fillCredentials(postgres, { count: MANY, restingPercent: 99, hasWindows: true });
  await redis.flushall();
  const startedAt = performance.now();
  await memory.restore();
  const pool = await openPool();
  const seconds = (performance.now() - startedAt) / 1_000;
  await pool.close();
  const windows = await redis.hlen('bench:pool:cooling');
  if (windows < 0.98 * MANY) throw new Error(`only ${windows} rests were put back`);
  return seconds;
}

function describe({ perSecond, p50Ms, p99Ms }: LeaseFigures): string {
  return `${Math.round(perSecond).toLocaleString('en')} lease+release/s, p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)} ms`;
}

function line(title: string, ratio: number, limit: number): BenchLine {
  return { title, figures: `${ratio.toFixed(2)} ×`, isMet: ratio < limit };
}
