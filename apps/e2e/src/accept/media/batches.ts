import assert from 'node:assert/strict';
import type OpenAI from 'openai';
import { setTimeout as pause } from 'node:timers/promises';
import { expectSuccess } from '../../harness/admin-client.js';
import { eventually } from '../../harness/eventually.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { StartedSluice } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { type InteractiveLoad, measureInteractive, medianOf, watchGateways } from './batch-load.js';
import { startBatch } from './start-batch.js';

const LINES = 50_000;
const MOST_BYTES = 400 * 1024 * 1024;
const MOST_RISE = 1.2;
const END_WITHIN_MS = 30 * 60_000;
/** What had begun has ended by then. */
const SETTLE_MS = 2_000;
const WAIT = { withinMs: END_WITHIN_MS, everyMs: 500 };

interface Setting {
  client: SluiceClient;
  sluice: StartedSluice;
}

export function batchChecks(setting: Setting, lines = LINES): Check[] {
  return [
    {
      title: `a batch of ${lines} lines survives a worker's kill and a gateway's restart; who waits does not feel it`,
      prove: () => proveBatch(setting, lines),
    },
  ];
}

async function proveBatch({ client, sluice }: Setting, lines: number): Promise<string> {
  const { id: keyId, key } = await client.admin.createKey('batches');
  const { batches, files } = client.openaiWith(key);
  const memory = watchGateways(sluice);
  const startedAt = performance.now();
  const { id } = await startBatch(client.openaiWith(key), lines);
  const answered = async () => (await batches.retrieve(id)).request_counts?.completed ?? 0;
  const reaches = (count: number) => eventually(`${count} are answered`, async () => (await answered()) >= count, WAIT);
  await reaches(1);
  const load = await measureInteractive(client, {
    // While its key opens nothing a batch rests.
    async rest() {
      await switchKey(client, { keyId, isOn: false });
      await pause(SETTLE_MS);
    },
    async goOn() {
      await switchKey(client, { keyId, isOn: true });
      await reaches((await answered()) + 1);
    },
  });
  await reaches(lines / 4);
  await kill(sluice, 'openai-worker');
  await reaches(lines / 2);
  await kill(sluice, 'gateway');
  const isOver = async () => {
    const { status, ...found } = await batches.retrieve(id);
    return status === 'completed' && found;
  };
  const batch = await eventually('the batch completes', isOver, WAIT);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  const peakBytes = memory.stop();
  const read = await readAnswers(files, [batch.output_file_id, batch.error_file_id]);
  return judge({ lines, seconds, peakBytes, load, ...read });
}

function judge(found: {
  lines: number;
  seconds: string;
  peakBytes: number;
  load: InteractiveLoad;
  total: number;
  distinct: number;
  wrong: number;
}): string {
  const { lines, seconds, peakBytes, load, total, distinct, wrong } = found;
  const [alone, beside] = [medianOf(load.alone), medianOf(load.beside)];
  const spread = (values: readonly number[]) =>
    `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)} in ${values.length} windows`;
  const figures =
    `${total} answers to ${distinct} lines, ${wrong} of them failures, after ${seconds} s; ` +
    `gateways at most ${Math.round(peakBytes / 1024 / 1024)} MB; ` +
    `p99 ${alone.toFixed(1)} ms alone (${spread(load.alone)}), ` +
    `${beside.toFixed(1)} ms beside it (${spread(load.beside)})`;
  assert.ok(total === lines && distinct === lines && wrong === 0, figures);
  assert.ok(peakBytes > 0 && peakBytes < MOST_BYTES && beside < alone * MOST_RISE, figures);
  return figures;
}

async function switchKey(client: SluiceClient, { keyId, isOn }: { keyId: string; isOn: boolean }): Promise<void> {
  expectSuccess(await client.admin.call('PATCH', `/keys/${keyId}`, { enabled: isOn }));
}

async function kill({ readRun }: StartedSluice, name: string): Promise<void> {
  const pid = (await readRun()).pids[name];
  assert.ok(pid, `${name} runs`);
  process.kill(pid, 'SIGKILL');
}

async function readAnswers(files: OpenAI['files'], fileIds: readonly (string | undefined)[]) {
  const seen = new Set<string>();
  let total = 0;
  let wrong = 0;
  for (const id of fileIds.filter((each) => typeof each === 'string')) {
    const text = await (await files.content(id)).text();
    for (const line of text.trimEnd().split('\n')) {
      const answer = JSON.parse(line) as { custom_id: string; response: { status_code: number } | null };
      seen.add(answer.custom_id);
      total += 1;
      if (answer.response?.status_code !== 200) wrong += 1;
    }
  }
  return { total, distinct: seen.size, wrong };
}
