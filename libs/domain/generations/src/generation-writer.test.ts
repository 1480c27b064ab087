import type { InteractiveGeneration } from '@sluice/contracts/generation';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { describe, expect, it } from 'vitest';
import type { GenerationRecord } from './generation-record.js';
import { GenerationWriter } from './generation-writer.js';

function record(id: string, status: GenerationRecord['status']): GenerationRecord {
  const generation: InteractiveGeneration = {
    id,
    kind: 'chat',
    ownerKeyId: 'key',
    dialect: 'openai-chat',
    model: 'model',
    targets: [{ upstream: 'openai', model: 'model' }],
    createdAtMs: 0,
    deadlineAtMs: 0,
    isStreamed: false,
    requestId: 'req',
    replyTo: 'gateway',
    input: { kind: 'chat', request: { model: 'model', messages: [] } },
  };
  return { generation, status };
}

function readLine(line: string): { id: string; status: string } {
  const [id = '', , , status = ''] = line.split('\t');
  return { id, status };
}

function setUp(write: (rows: { id: string; status: string }[]) => void) {
  const clock = createFakeClock(0);
  const dropped: string[] = [];
  const writer = new GenerationWriter({
    write: async (rows) => write(rows.map(readLine)),
    isRowFault: (error) => error instanceof RangeError,
    clock,
    onDropped: (id) => dropped.push(id),
    onError: () => {},
  });
  return { clock, dropped, writer };
}

describe('GenerationWriter', () => {
  it('writes only the newest record of a generation', async () => {
    const batches: string[][] = [];
    const { clock, writer } = setUp((rows) => batches.push(rows.map(({ id, status }) => `${id} ${status}`)));
    writer.record(record('a', 'running'));
    writer.record(record('a', 'succeeded'));
    writer.record(record('b', 'failed'));
    await clock.advance(25);
    expect(batches).toEqual([['a succeeded', 'b failed']]);
  });

  it('never writes a delayed record that was forgotten or overtaken', async () => {
    const batches: string[][] = [];
    const { clock, writer } = setUp((rows) => batches.push(rows.map(({ id, status }) => `${id} ${status}`)));
    writer.recordLater(record('a', 'queued'), 100);
    writer.recordLater(record('b', 'queued'), 100);
    writer.recordLater(record('c', 'queued'), 100);
    writer.forget('a');
    writer.record(record('b', 'succeeded'));
    for (let tick = 0; tick < 12; tick += 1) {
      await clock.advance(25);
    }
    expect(batches).toEqual([['b succeeded'], ['c queued']]);
  });

  it('keeps a batch that the database did not take, and writes it when it is back', async () => {
    let isUp = false;
    const written: string[] = [];
    const { clock, writer } = setUp((rows) => {
      if (!isUp) throw new Error('connection refused');
      written.push(...rows.map(({ id }) => id));
    });
    writer.record(record('a', 'succeeded'));
    await clock.advance(25);
    expect(writer.backlog).toBe(1);
    isUp = true;
    await clock.advance(100);
    expect(written).toEqual(['a']);
  });

  it('writes no more than 500 in one statement, and the others with the next ones', async () => {
    const batches: string[][] = [];
    const { clock, writer } = setUp((rows) => batches.push(rows.map(({ id }) => id)));
    const ids = Array.from({ length: 1_200 }, (_, number) => `g${number}`);
    for (const id of ids) writer.record(record(id, 'succeeded'));
    for (let tick = 0; tick < 3; tick += 1) await clock.advance(25);
    expect(batches.map(({ length }) => length)).toEqual([500, 500, 200]);
    expect(batches.flat()).toEqual(ids);
    expect(writer.backlog).toBe(0);
  });

  it('gives up only the row that spoils its batch', async () => {
    const written: string[] = [];
    const { clock, dropped, writer } = setUp((rows) => {
      if (rows.some(({ id }) => id === 'bad')) throw new RangeError('unsupported Unicode escape sequence');
      written.push(...rows.map(({ id }) => id));
    });
    for (const id of ['a', 'bad', 'b', 'c']) writer.record(record(id, 'succeeded'));
    await clock.advance(25);
    expect(written.toSorted()).toEqual(['a', 'b', 'c']);
    expect(dropped).toEqual(['bad']);
  });
});
