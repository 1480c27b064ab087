import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../harness/eventually.js';
import { httpCall } from '../../harness/http-call.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { StartedSluice } from '../../harness/start-sluice.js';
import { unique } from '../../harness/unique.js';
import { createSoraPool } from '../../scenarios/sora-pool.js';
import { routeToSessions } from '../../scenarios/sora-session.js';
import type { Check } from '../capability.js';
import { runTests } from '../gemini/run-tests.js';
import { difference, longestLagMs, readEffort, soraWorkers, type Effort, type Worker } from './workers.js';

const VECTORS = ['libs/upstreams/sora/src/web.solver-thread.test.ts', 'libs/upstreams/sora/src/web.sentinel.test.ts'];
/** Nothing lies below it. */
const UNSOLVABLE = '00'.repeat(16);
const USUAL = '0fffff';
const AT_ONCE = 6;
const LIMIT_MS = 20;
const IDLE_MS = 6_000;
const LOOK_MS = 1_000;
/** Of the clock that the loop's delay is told by: it counts as delay. */
const RESOLUTION_MS = 50;
const WITHIN_MS = 120_000;
/** Where a solver is at work, it takes nearly a whole processor. */
const LEAST_SOLVER_MS = 500;

interface Setting {
  client: SluiceClient;
  sluice: StartedSluice;
}

export function proofChecks(setting: Setting): Check[] {
  return [
    {
      title: 'proofs of work: the known vectors, and the marker after 500,000 attempts',
      prove: () => runTests(VECTORS),
    },
    {
      title: `${AT_ONCE} proofs of 500,000 attempts at once keep no sora-worker's event loop for ${LIMIT_MS} ms`,
      prove: () => proveLoop(setting),
    },
  ];
}

/** What a worker was seen to do for a while. */
interface Span {
  worker: Worker;
  tookMs: number;
  effort: Effort;
  /** The longest that its event loop was late. */
  lagMs: number;
  /** The same without what the machine kept it waiting for a processor meanwhile. */
  ownLagMs: number;
}

async function proveLoop({ client, sluice }: Setting): Promise<string> {
  const pool = await createSoraPool(
    client,
    Array.from({ length: AT_ONCE }, () => ({})),
  );
  try {
    const idle = await during(sluice, () => delay(IDLE_MS));
    await demand(client, UNSOLVABLE);
    const word = unique('unsolvable');
    const busy = await during(sluice, () => solveInVain(client, word));
    const solving = busy.filter(({ effort }) => effort.cpuMs - effort.loopCpuMs > LEAST_SOLVER_MS);
    assert.ok(solving.length > 0, 'no worker had anything to solve');
    const told = solving.map((span) =>
      describe(
        span,
        idle.find(({ worker }) => worker.pid === span.worker.pid),
      ),
    );
    const figures = told.join('; ');
    assert.ok(
      solving.every(({ ownLagMs }) => ownLagMs <= LIMIT_MS),
      figures,
    );
    return figures;
  } finally {
    await demand(client, USUAL);
    await pool.remove();
  }
}

/** Every account is asked for a proof, and refused for the marker. */
async function solveInVain(client: SluiceClient, word: string): Promise<void> {
  const { video: model } = await routeToSessions(client);
  const made: string[] = [];
  for (let number = 0; number < AT_ONCE; number += 1) {
    const body = { model, prompt: `${word} ${number}`, seconds: '10' };
    made.push((await client.openai.post<{ id: string }>('/videos', { body })).id);
  }
  await eventually(
    'every account has shown its marker',
    async () => (await client.simulator.requests({ prompt: word })).counts.failed >= AT_ONCE,
    { withinMs: WITHIN_MS, everyMs: 1_000 },
  );
  for (const id of made) await client.call(`/v1/generations/${id}/cancel`, { method: 'POST' });
}

async function during(sluice: StartedSluice, work: () => Promise<void>): Promise<Span[]> {
  const workers = await soraWorkers(sluice);
  let isOver = false;
  const spans = workers.map((worker) => watch(worker, () => isOver));
  await work();
  isOver = true;
  return Promise.all(spans);
}

async function watch(worker: Worker, isOver: () => boolean): Promise<Span> {
  await longestLagMs(worker);
  const [first, startedAt] = [await readEffort(worker), performance.now()];
  const span = { worker, lagMs: 0, ownLagMs: 0 };
  for (let before = first; ;) {
    await delay(LOOK_MS);
    const lagMs = (await longestLagMs(worker)) - RESOLUTION_MS;
    const effort = await readEffort(worker);
    span.lagMs = Math.max(span.lagMs, lagMs);
    span.ownLagMs = Math.max(span.ownLagMs, lagMs - (effort.loopWaitMs - before.loopWaitMs));
    before = effort;
    if (isOver()) return { ...span, effort: difference(effort, first), tookMs: performance.now() - startedAt };
  }
}

function describe({ worker, lagMs, ownLagMs, effort, tookMs }: Span, idle: Span | undefined): string {
  const { cpuMs, loopCpuMs, loopWaitMs } = effort;
  const ms = (value = 0): string => value.toFixed(0);
  return `${worker.name}: at most ${ms(lagMs)} ms late (idle ${ms(idle?.lagMs)} ms), ${ms(ownLagMs)} ms (idle ${ms(idle?.ownLagMs)} ms) without its waiting for a processor, ${ms(loopWaitMs)} ms of ${ms(tookMs)} ms; its solver took ${ms(cpuMs - loopCpuMs)} ms of CPU, its loop ${ms(loopCpuMs)} ms`;
}

async function demand(client: SluiceClient, difficulty: string): Promise<void> {
  const answer = await httpCall({ url: `${client.simulator.url}/__control/sora/proof`, body: { difficulty } });
  assert.equal(answer.status, 200);
}
