import type { CredentialPool } from '@sluice/domain-credentials/credential-pool';
import { percentilesOf } from '../measure/percentiles.js';

export interface LeaseFigures {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

const WARM_UP_MS = 2_000;

/** Callers that each take a lease and give it back, again and again; the figures are of a pair. */
export async function measureLeases(
  pool: CredentialPool,
  { callers, forMs }: { callers: number; forMs: number },
): Promise<LeaseFigures> {
  await run(pool, callers, WARM_UP_MS);
  const startedAt = performance.now();
  const samples = await run(pool, callers, forMs);
  const seconds = (performance.now() - startedAt) / 1_000;
  const percentiles = percentilesOf(samples);
  return { perSecond: samples.length / seconds, p50Ms: percentiles?.p50 ?? 0, p99Ms: percentiles?.p99 ?? 0 };
}

async function run(pool: CredentialPool, callers: number, forMs: number): Promise<number[]> {
  const endsAt = performance.now() + forMs;
  const samples: number[] = [];
  const call = async (): Promise<void> => {
    for (let startedAt = performance.now(); startedAt < endsAt;) {
      const answer = await pool.lease({ upstream: 'openai', use: 'chat', model: 'm', generationId: 'bench' });
      if (answer.type !== 'leased') throw new Error(answer.noneFree.reason);
      await pool.release(answer.lease, { type: 'succeeded' });
      const now = performance.now();
      samples.push(now - startedAt);
      startedAt = now;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return samples;
}
