import assert from 'node:assert/strict';
import type OpenAI from 'openai';
import { toFile } from 'openai';
import { eventually } from '../../harness/eventually.js';
import { chatBody, type SluiceClient } from '../../harness/sluice-client.js';
import type { StartedSluice } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { interactiveP99Ms, watchGateways } from './batch-load.js';

const LINES = 50_000;
const MOST_BYTES = 400 * 1024 * 1024;
const MOST_RISE = 1.2;
const END_WITHIN_MS = 30 * 60_000;
const ENDPOINT = '/v1/chat/completions';
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
  const alone = await interactiveP99Ms(client);
  const memory = watchGateways(sluice);
  const startedAt = performance.now();
  const id = await start(client.openai, lines);
  const answered = async () => (await client.openai.batches.retrieve(id)).request_counts?.completed ?? 0;
  const reaches = (count: number) => eventually(`${count} are answered`, async () => (await answered()) >= count, WAIT);
  await reaches(1);
  const beside = await interactiveP99Ms(client);
  await reaches(lines / 4);
  await kill(sluice, 'openai-worker');
  await reaches(lines / 2);
  await kill(sluice, 'gateway');
  const batch = await eventually(
    'the batch completes',
    async () => {
      const { status, ...found } = await client.openai.batches.retrieve(id);
      return status === 'completed' && found;
    },
    WAIT,
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  const peakBytes = memory.stop();
  const { total, distinct, wrong } = await readAnswers(client.openai, [batch.output_file_id, batch.error_file_id]);
  const figures =
    `${total} answers to ${distinct} lines, ${wrong} of them failures, after ${seconds.toFixed(0)} s; ` +
    `gateways at most ${Math.round(peakBytes / 1024 / 1024)} MB; p99 ${alone.toFixed(1)} ms alone, ${beside.toFixed(1)} ms beside it`;
  assert.ok(total === lines && distinct === lines && wrong === 0, figures);
  assert.ok(peakBytes > 0 && peakBytes < MOST_BYTES && beside < alone * MOST_RISE, figures);
  return figures;
}

async function start(openai: OpenAI, count: number): Promise<string> {
  const lines = Array.from({ length: count }, (_, number) =>
    JSON.stringify({ custom_id: `line-${number}`, method: 'POST', url: ENDPOINT, body: chatBody(`say ${number}`) }),
  );
  const file = await openai.files.create({
    file: await toFile(Buffer.from(lines.join('\n')), 'lines.jsonl'),
    purpose: 'batch',
  });
  const batch = await openai.batches.create({ input_file_id: file.id, endpoint: ENDPOINT, completion_window: '24h' });
  return batch.id;
}

async function kill({ readRun }: StartedSluice, name: string): Promise<void> {
  const pid = (await readRun()).pids[name];
  assert.ok(pid, `${name} runs`);
  process.kill(pid, 'SIGKILL');
}

async function readAnswers(openai: OpenAI, fileIds: readonly (string | undefined)[]) {
  const seen = new Set<string>();
  let total = 0;
  let wrong = 0;
  for (const id of fileIds.filter((each) => typeof each === 'string')) {
    const text = await (await openai.files.content(id)).text();
    for (const line of text.trimEnd().split('\n')) {
      const answer = JSON.parse(line) as { custom_id: string; response: { status_code: number } | null };
      seen.add(answer.custom_id);
      total += 1;
      if (answer.response?.status_code !== 200) wrong += 1;
    }
  }
  return { total, distinct: seen.size, wrong };
}
