import assert from 'node:assert/strict';
import { eventually } from '../../harness/eventually.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { StartedSluice } from '../../harness/start-sluice.js';
import { unique } from '../../harness/unique.js';
import { readSubmissions, VIDEO_MODEL } from '../../scenarios/durable-videos.js';
import type { Check } from '../capability.js';
import { flushRedis } from './flush-redis.js';
import type { GenerationRow, Stored } from './stored.js';

const VIDEOS = 40;
const MARKERS = '[[sim:queueMs=500,videoMs=3000]]';
const SECONDS = 4;
/** What was lost between intent and operation is looked up twice, the second time a minute after. */
const END_WITHIN_MS = 150_000;

interface Setting {
  client: SluiceClient;
  sluice: StartedSluice;
  stored: Stored;
}

export function survivalChecks(setting: Setting): Check[] {
  const kill = async (): Promise<void> => {
    const { pids } = await setting.sluice.readRun();
    process.kill(pids['sora-worker'] ?? 0, 'SIGKILL');
  };
  const flush = () => flushRedis(setting.sluice.run.redisUrl);
  const lines: [string, () => Promise<unknown>][] = [
    ['kill -9 of the worker in mid-flight', kill],
    ['FLUSHALL in mid-flight', flush],
    ['both at once', () => Promise.all([kill(), flush()])],
  ];
  return lines.map(([what, strike]) => ({
    title: `${what}: every video ends, each was submitted once and paid once`,
    prove: () => proveSurvival(setting, strike),
  }));
}

async function proveSurvival(setting: Setting, strike: () => Promise<unknown>): Promise<string> {
  const { client, stored } = setting;
  const word = unique('survives');
  const startedAt = performance.now();
  const made = Array.from({ length: VIDEOS }, (_, number) => create(client, `${word} ${number} ${MARKERS}`));
  await eventually('the first are submitted', async () => (await readSubmissions(simulatorOf(client), word)).size > 0);
  await strike();
  const answers = await Promise.all(made);
  assert.ok(
    answers.every((status) => status === 200),
    `acknowledged with ${answers.join(', ')}`,
  );
  const rows = await eventually(
    'all end',
    async () => {
      const found = await stored.videos(word);
      return found.every(isOver) ? found : assert.fail(statesOf(found));
    },
    { withinMs: END_WITHIN_MS, everyMs: 500 },
  );
  const submissions = [...(await readSubmissions(simulatorOf(client), word)).values()];
  const { reserved, settled } = await stored.ledger(word);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  const figures = `${statesOf(rows)} after ${seconds} s; ${submissions.length} prompts submitted ${Math.min(...submissions)} to ${Math.max(...submissions)} times; ${settled} of ${reserved} s settled`;
  assert.ok(rows.length === VIDEOS && rows.every(({ state }) => state === 'succeeded'), figures);
  assert.ok(submissions.length === VIDEOS && submissions.every((count) => count === 1), figures);
  assert.ok(settled === VIDEOS * SECONDS && reserved === settled, figures);
  return figures;
}

async function create(client: SluiceClient, prompt: string): Promise<number> {
  const body = { model: VIDEO_MODEL, prompt, seconds: String(SECONDS) };
  return (await client.call('/v1/videos', { body })).status;
}

function simulatorOf({ run }: SluiceClient): string {
  return run.simulator ?? '';
}

function isOver({ state }: GenerationRow): boolean {
  return ['succeeded', 'failed', 'cancelled', 'expired'].includes(state);
}

function statesOf(rows: readonly GenerationRow[]): string {
  const counts = new Map<string, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
}
