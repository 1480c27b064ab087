import type { Part, PartRecord } from '@sluice/contracts/part';
import { expect, test } from 'vitest';
import { committedTail } from './committed-tail.js';
import type { DecodedCall } from './dialect-endpoint.js';
import type { Told } from './told.js';

const TEXT: Part = { type: 'text-delta', choice: 0, text: 'hi' };
const DONE: Part = { type: 'succeeded' };
const FAILED: Part = { type: 'failed', error: { code: 'internal', message: '' } };

async function tell(batches: Part[][], { isGone = false, breaks = false } = {}) {
  const log: string[] = [];
  const call = {
    beforeEnd: async (parts: readonly Part[]) => void log.push(`kept ${parts.map(({ type }) => type).join()}`),
  } as Partial<DecodedCall> as DecodedCall;
  let sequence = 0;
  const records = batches.map((parts) => parts.map((part): PartRecord => ({ sequence: (sequence += 1), part })));
  const tail = (async function* () {
    yield* records;
    if (breaks) throw new Error('broken');
  })();
  const submitted = { generation: { id: 'gen', model: 'm', createdAtMs: 0 }, tail } as unknown as Told;
  try {
    for await (const told of committedTail({ call, submitted, isGone: () => isGone }))
      log.push(`told ${told.map(({ part }) => part.type).join()}`);
  } catch {
    log.push('broken');
  }
  return log;
}

test('the end is told when everything is kept, and nothing else waits for it', async () => {
  expect(await tell([[TEXT], [TEXT, DONE]])).toEqual([
    'told text-delta',
    'told text-delta',
    'kept text-delta,text-delta,succeeded',
    'told succeeded',
  ]);
});

test('a failure stays with what came with it', async () => {
  expect(await tell([[TEXT, FAILED]])).toEqual(['kept text-delta,failed', 'told text-delta,failed']);
});

test('without an end it was the client that left, or the log that broke', async () => {
  expect(await tell([[TEXT]], { isGone: true })).toEqual(['told text-delta', 'kept text-delta,cancelled']);
  expect(await tell([[TEXT]])).toEqual(['told text-delta', 'kept text-delta,failed']);
  expect(await tell([[TEXT]], { breaks: true })).toEqual(['told text-delta', 'kept text-delta,failed', 'broken']);
});
