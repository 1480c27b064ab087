import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { SluiceClient } from '../harness/sluice-client.js';
import { unique } from '../harness/unique.js';
import { SoraCalls } from './sora-calls.js';
import { createSoraPool, type AccountWish, type SoraPool } from './sora-pool.js';
import { routeToSessions } from './sora-session.js';

const CALLERS = 16;
const CREATE = '/sora/backend/nf/create';

export interface LoadPlan {
  accounts: readonly AccountWish[];
  videos: number;
  /** How long each takes, as a marker. */
  markers: string;
  /** How often the site says that it is under heavy load, and that an account makes too many at once, though it does not. */
  heavyLoads: number;
  crowdings: number;
  everyMs: number;
  withinMs: number;
}

export interface SoraLoad {
  word: string;
  ids: readonly string[];
  pool: SoraPool;
  calls: SoraCalls;
  tookMs: number;
}

/** Videos for many accounts of the simulated website, and what it saw of them; `countOpen` tells how many of them have not ended. */
export async function putOnSora(
  client: SluiceClient,
  plan: LoadPlan,
  countOpen: (load: { word: string; ids: readonly string[] }) => Promise<number>,
): Promise<SoraLoad> {
  const pool = await createSoraPool(client, plan.accounts);
  const calls = new SoraCalls(client.simulator.url, pool.names);
  const { video: model } = await routeToSessions(client);
  const word = unique('load');
  const trouble = [
    { times: plan.heavyLoads, fault: { status: 500, errorCode: 'heavy_load' } },
    { times: plan.crowdings, fault: { status: 429, errorCode: 'too_many_concurrent_tasks' } },
  ];
  // In the midst of it all, and for certain.
  const probability = Math.max(0.1, 10 / plan.videos);
  for (const { times, fault } of trouble)
    if (times > 0)
      await client.simulator.addFault({ match: { path: CREATE, prompt: word }, fault, times, probability });
  const startedAt = performance.now();
  const ids: string[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let number = next++; number < plan.videos; number = next++) {
      const body = { model, prompt: `${word} ${number}. ${plan.markers}`, seconds: '10' };
      const answer = await client.call('/v1/videos', { body });
      assert.equal(answer.status, 200, answer.text);
      ids.push((answer.json() as { id: string }).id);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  const endsAt = startedAt + plan.withinMs;
  for (let open = ids.length; open > 0;) {
    await calls.read();
    open = await countOpen({ word, ids });
    assert.ok(
      open === 0 || performance.now() < endsAt,
      `${open} of ${ids.length} have not ended within ${plan.withinMs} ms`,
    );
    if (open > 0) await delay(plan.everyMs);
  }
  const tookMs = performance.now() - startedAt;
  await calls.read();
  return { word, ids, pool, calls, tookMs };
}
