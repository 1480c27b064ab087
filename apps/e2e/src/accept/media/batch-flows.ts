import assert from 'node:assert/strict';
import type OpenAI from 'openai';
import { toFile } from 'openai';
import { eventually } from '../../harness/eventually.js';
import { chatBody, type SluiceClient } from '../../harness/sluice-client.js';
import { IMAGE_MODEL } from '../../scenarios/images.js';
import { QUICK, VIDEO_MODEL } from '../../scenarios/durable-videos.js';
import type { Check } from '../capability.js';
import { openaiSdks } from './openai-sdks.js';
import { startBatch } from './start-batch.js';

interface Answer {
  custom_id: string;
  response: { status_code: number; body: Record<string, unknown> } | null;
  error: { code: string } | null;
}

/** A body for each endpoint, and one that its upstream refuses. */
const BODIES = {
  '/v1/chat/completions': [chatBody('hello'), chatBody('no [[sim:status=400]]')],
  '/v1/responses': [
    { model: 'sim-chat', input: 'hello' },
    { model: 'sim-chat', input: 'no [[sim:status=400]]' },
  ],
  '/v1/embeddings': [
    { model: 'sim-embedding', input: 'hello' },
    { model: 'sim-embedding', input: [] },
  ],
  '/v1/images/generations': [
    { model: IMAGE_MODEL, prompt: 'a cat' },
    { model: IMAGE_MODEL, prompt: 'a cat', n: 0 },
  ],
  '/v1/videos': [
    { model: VIDEO_MODEL, prompt: `a cat ${QUICK}` },
    { model: VIDEO_MODEL, prompt: '' },
  ],
} as const;

/** The `openai` SDK's batches flows. */
export function batchFlowChecks(client: SluiceClient): Check[] {
  return openaiSdks(client).flatMap(([name, sdk]) => [
    {
      title: `${name}: batches of chats, responses, embeddings, images and videos, with the file of failures`,
      prove: () => provedEndpoints(sdk),
    },
    { title: `${name}: batches are listed and cancelled`, prove: () => provedCancel(sdk) },
  ]);
}

async function provedEndpoints(sdk: OpenAI): Promise<string> {
  const endpoints = Object.entries(BODIES);
  await Promise.all(
    endpoints.map(async ([endpoint, bodies]) => {
      const batch = await untilOver(sdk, (await order(sdk, endpoint, bodies)).id);
      assert.deepEqual([batch.status, batch.request_counts], ['completed', { total: 2, completed: 1, failed: 1 }]);
      const [right, ...more] = await read(sdk, batch.output_file_id);
      const [wrong, ...others] = await read(sdk, batch.error_file_id);
      assert.deepEqual([right?.custom_id, right?.response?.status_code], ['line-0', 200], endpoint);
      assert.deepEqual([wrong?.custom_id, wrong?.response?.status_code], ['line-1', 400], endpoint);
      assert.deepEqual([...more, ...others], []);
    }),
  );
  return `${endpoints.length} endpoints, of each a line that succeeds and one that fails`;
}

async function provedCancel(sdk: OpenAI): Promise<string> {
  const lines = 2_000;
  const { id } = await startBatch(sdk, lines);
  await eventually(
    'some are answered',
    async () => ((await sdk.batches.retrieve(id)).request_counts?.completed ?? 0) > 0,
  );
  const { status } = await sdk.batches.cancel(id);
  assert.ok(['cancelling', 'cancelled'].includes(status));
  const { status: end, output_file_id: outputId, error_file_id: errorId } = await untilOver(sdk, id);
  assert.equal(end, 'cancelled');
  const answers = [...(await read(sdk, outputId)), ...(await read(sdk, errorId))];
  const cancelled = answers.filter(({ error }) => error?.code === 'batch_cancelled').length;
  assert.ok(cancelled > 0 && new Set(answers.map(({ custom_id: line }) => line)).size === answers.length);
  let isListed = false;
  for await (const batch of sdk.batches.list({ limit: 1 })) {
    isListed = batch.id === id;
    if (isListed) break;
  }
  assert.ok(isListed);
  return `${cancelled} of ${lines} lines told as cancelled, each line once`;
}

async function order(sdk: OpenAI, endpoint: string, bodies: readonly object[]): Promise<OpenAI.Batch> {
  const lines = bodies.map((body, number) =>
    JSON.stringify({ custom_id: `line-${number}`, method: 'POST', url: endpoint, body }),
  );
  const file = await toFile(Buffer.from(lines.join('\n')), 'lines.jsonl');
  const { id } = await sdk.files.create({ file, purpose: 'batch' });
  return sdk.batches.create({ input_file_id: id, endpoint: endpoint as never, completion_window: '24h' });
}

function untilOver(sdk: OpenAI, id: string): Promise<OpenAI.Batch> {
  return eventually(
    `batch ${id} ends`,
    async () => {
      const batch = await sdk.batches.retrieve(id);
      return ['completed', 'failed', 'expired', 'cancelled'].includes(batch.status) && batch;
    },
    { withinMs: 120_000, everyMs: 200 },
  );
}

async function read(sdk: OpenAI, fileId: string | null | undefined): Promise<Answer[]> {
  if (typeof fileId !== 'string') return [];
  const text = await (await sdk.files.content(fileId)).text();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}
