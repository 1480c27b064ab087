import type { ClientFile } from '@sluice/contracts/client-file';
import type { MediaStore } from '@sluice/contracts/media-store';
import { createFileSystemMediaStore } from '@sluice/platform-media/file-system-media-store';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { createFakeClock, type FakeClock } from '@sluice/testing/fake-clock';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AnswerRecorder } from './answer-recorder.js';
import { BatchFinisher, type LeftFile } from './batch-finisher.js';
import { BatchIntake } from './batch-intake.js';
import type { BatchLine, LineOutcome } from './batch-line.js';
import { HOLD_MS, WINDOW_MS } from './batch-limits.js';
import { BatchStore } from './batch-store.js';
import { sweepBatches } from './batch-sweep.js';
import { BatchTender } from './batch-tender.js';
import { LineRunner } from './line-runner.js';
import { LineSource } from './line-source.js';

let database: TestDatabase;
let postgres: Postgres;
let root: string;
let media: MediaStore;
let clock: FakeClock;
let store: BatchStore;
let left: (Omit<LeftFile, 'media'> & Pick<ClientFile, 'media'>)[];
let cancelled: string[];
const failures: unknown[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
  await postgres.query({
    text: "INSERT INTO api_key (id, name, hash, last_four, updated_at) VALUES ('key_1', 'one', 'x', '1234', now())",
  });
});
afterAll(async () => {
  await postgres.close();
  await database.drop();
});
beforeEach(async () => {
  await postgres.query({ text: 'TRUNCATE batch, batch_line, webhook_event, webhook_endpoint, webhook_delivery' });
  await postgres.query({ text: 'UPDATE api_key SET enabled = true' });
  root = await mkdtemp(join(tmpdir(), 'sluice-batches-'));
  clock = createFakeClock();
  media = createFileSystemMediaStore({ root, clock });
  store = new BatchStore({ postgres, clock });
  left = [];
  cancelled = [];
  failures.length = 0;
});
afterEach(async () => {
  expect(failures).toEqual([]);
  await rm(root, { recursive: true, force: true });
});

const onError = (error: unknown) => void failures.push(error);

/** What one process does. */
function replica(holder: string, execute: (line: BatchLine) => Promise<LineOutcome>, atOnce = 4) {
  const intake = new BatchIntake({
    postgres,
    media,
    clock,
    holder,
    readLine: (text) => ({ customId: text, model: 'm' }),
  });
  const finisher = new BatchFinisher({
    postgres,
    media,
    clock,
    holder,
    encodeUnanswered: ({ customId, reason }) => `${customId} ${reason}`,
    keepFile: async (_transaction, file) => `file-${left.push(file)}`,
    cancelGeneration: async (id) => void cancelled.push(id),
  });
  const tender = new BatchTender({
    postgres,
    clock,
    holder,
    validate: (batch, signal) => intake.validate(batch, signal),
    finish: (batch, signal) => finisher.finish(batch, signal),
    onError,
  });
  const runner = new LineRunner({
    postgres,
    clock,
    holder,
    source: new LineSource({ postgres, clock, holder }),
    recorder: new AnswerRecorder({ postgres, media, clock, holder, onError }),
    allow: (wanted) => wanted,
    execute,
    onError,
    atOnce,
  });
  return { tender, runner };
}

async function begun(count: number): Promise<string> {
  const text = Array.from({ length: count }, (_, number) => `line-${number}`).join('\n');
  const inputKey = `files/${count}-${Math.random().toString(36).slice(2)}`;
  const body = (async function* () {
    yield Buffer.from(text);
  })();
  await media.put({ key: inputKey, mediaType: 'application/jsonl', body, maximumBytes: 10_000_000 });
  const { id } = await store.insert({
    ownerKeyId: 'key_1',
    endpoint: '/v1/chat/completions',
    inputFileId: 'file-in',
    inputKey,
  });
  await replica('intake', answer).tender.tendNext();
  // Its owner may delete the file: the batch has its own.
  await media.delete(inputKey);
  return id;
}

const answer = async (line: BatchLine): Promise<LineOutcome> => ({
  type: 'answered',
  isFailed: false,
  text: `${line.customId} answered`,
});
const never = () => new Promise<LineOutcome>(() => {});

async function runToEnd(runners: readonly LineRunner[]): Promise<void> {
  for (;;) {
    const taken = await Promise.all(runners.map((runner) => runner.takeDue()));
    if (taken.every((count) => !count)) return;
    await Promise.all(runners.map((runner) => runner.settled()));
  }
}

async function textOf(position: number): Promise<string[]> {
  const found = await media.get(left[position]?.media.key ?? '');
  const chunks: Uint8Array[] = [];
  for await (const chunk of found?.body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString().trimEnd().split('\n');
}

const statusOf = async (id: string) => (await store.find(id, 'key_1'))?.status;

describe('a batch', () => {
  it('is made by two processes, each line once, and written out in order', async () => {
    const id = await begun(1_203);
    expect(await store.find(id, 'key_1')).toMatchObject({
      status: 'in_progress',
      model: 'm',
      counts: { total: 1_203 },
    });
    const made: number[] = [];
    const note = (line: BatchLine) => (made.push(line.number), answer(line));
    const replicas = [replica('one', note, 16), replica('two', note, 16)];
    await runToEnd(replicas.map(({ runner }) => runner));
    expect(made.toSorted((left, right) => left - right)).toEqual(
      Array.from({ length: 1_203 }, (_, index) => index + 1),
    );
    expect(await replicas[0]?.tender.tendNext()).toBe(true);
    expect(await store.find(id, 'key_1')).toMatchObject({
      status: 'completed',
      counts: { total: 1_203, completed: 1_203, failed: 0 },
      outputFileId: 'file-1',
    });
    expect(await textOf(0)).toEqual(Array.from({ length: 1_203 }, (_, index) => `line-${index} answered`));
    expect(left).toHaveLength(1);
    expect((await readdir(join(root, 'objects'))).includes('batches')).toBe(true);
    for await (const { key } of media.list('batches/')) expect(key).toBe('none is left');
  });

  it('goes on where a process was lost in the middle, whose late answers do not count', async () => {
    const id = await begun(10);
    let finishLate = (_outcome: LineOutcome) => {};
    const lost = replica('lost', () => new Promise((resolve) => (finishLate = resolve)), 4);
    await lost.runner.takeDue();
    const other = replica('other', answer, 16);
    await runToEnd([other.runner]);
    expect((await store.find(id, 'key_1'))?.counts.completed).toBe(6);
    await clock.advance(HOLD_MS);
    await runToEnd([other.runner]);
    finishLate({ type: 'answered', isFailed: true, text: 'late' });
    expect((await store.find(id, 'key_1'))?.counts).toEqual({ total: 10, completed: 10, failed: 0 });
    await other.tender.tendNext();
    expect(await textOf(0)).toHaveLength(10);
  });

  it('given back by one that goes down is made by another at once', async () => {
    await begun(3);
    const going = replica('going', never);
    await going.runner.takeDue();
    await going.runner.stop();
    const attempts: number[] = [];
    await runToEnd([replica('other', (line) => (attempts.push(line.attempts), answer(line))).runner]);
    expect(attempts).toEqual([1, 1, 1]);
  });

  it('tries again what failed in passing, after a while', async () => {
    const id = await begun(1);
    const { runner } = replica('one', async (line) =>
      line.attempts < 2 ? { type: 'again', afterMs: 500 } : answer(line),
    );
    await runToEnd([runner]);
    expect((await store.find(id, 'key_1'))?.counts.completed).toBe(0);
    await clock.advance(500);
    await runToEnd([runner]);
    expect((await store.find(id, 'key_1'))?.counts.completed).toBe(1);
  });

  it('that is cancelled waits for what runs, stops what goes on, and tells the rest', async () => {
    const id = await begun(6);
    let finish = (_outcome: LineOutcome) => {};
    const execute = (line: BatchLine): Promise<LineOutcome> => {
      if (line.number === 1) return new Promise((resolve) => (finish = resolve));
      return Promise.resolve({ type: 'awaits', generationId: 'gen_1' });
    };
    const { runner, tender } = replica('one', execute, 2);
    await runner.takeDue();
    await clock.advance(1);
    expect(await store.cancel(id, 'key_2')).toBe(false);
    expect(await store.cancel(id, 'key_1')).toBe(true);
    expect(await store.cancel(id, 'key_1')).toBe(false);
    expect(await tender.tendNext()).toBe(false);
    expect(await statusOf(id)).toBe('cancelling');
    finish({ type: 'answered', isFailed: false, text: 'still made' });
    // What it awaited is not there any more: that, too, is an end.
    await runner.settled();
    await clock.advance(2_000);
    const ended = replica('two', async () => ({ type: 'answered', isFailed: true, text: 'gone' }));
    await runToEnd([ended.runner]);
    await clock.advance(1_000);
    expect(await ended.tender.tendNext()).toBe(true);
    expect(await statusOf(id)).toBe('cancelled');
    expect(cancelled).toContain('gen_1');
    expect(await textOf(0)).toEqual(['still made']);
    expect(await textOf(1)).toEqual(['gone', ...[2, 3, 4, 5].map((number) => `line-${number} cancelled`)]);
  });

  it('whose time is over ends with what there is', async () => {
    const id = await begun(3);
    await replica('one', answer, 1).runner.takeDue();
    await replica('one', answer, 1).runner.takeDue();
    await clock.advance(WINDOW_MS);
    const { tender, runner } = replica('two', answer);
    expect(await runner.takeDue()).toBeUndefined();
    expect(await tender.tendNext()).toBe(true);
    expect(await statusOf(id)).toBe('expired');
    const lines = [...(await textOf(0)), ...(left.length > 1 ? await textOf(1) : [])];
    expect(lines.filter((line) => line.endsWith('expired')).length).toBeGreaterThan(0);
    expect(lines).toHaveLength(3);
  });

  it('rests while its key opens nothing', async () => {
    await begun(1);
    await postgres.query({ text: 'UPDATE api_key SET enabled = false' });
    expect(await replica('one', answer).runner.takeDue()).toBeUndefined();
    await postgres.query({ text: 'UPDATE api_key SET enabled = true' });
    expect(await replica('one', answer).runner.takeDue()).toBe(1);
  });

  it('keeps large answers out of its rows', async () => {
    await begun(2);
    const text = 'x'.repeat(100_000);
    const { runner, tender } = replica('one', async () => ({ type: 'answered', isFailed: false, text }));
    await runToEnd([runner]);
    const { rows } = await postgres.query({ text: 'SELECT answer, answer_key FROM batch_line' });
    expect(rows).toMatchObject([{ answer: null }, { answer: null }]);
    await tender.tendNext();
    expect(await textOf(0)).toEqual([text, text]);
  });

  it('tells its end to whoever listens, once', async () => {
    await postgres.query({
      text: "INSERT INTO webhook_endpoint (id, owner_key_id, url, secret, created_at) VALUES ('we', 'key_1', 'https://a', '', now())",
    });
    const id = await begun(1);
    const { runner, tender } = replica('one', answer);
    await runToEnd([runner]);
    await tender.tendNext();
    const { rows } = await postgres.query({ text: 'SELECT type, object_id FROM webhook_event' });
    expect(rows).toEqual([{ type: 'batch.completed', object_id: id }]);
  });

  it('is forgotten when it is old, with what it left in its folder', async () => {
    const id = await begun(1);
    const running = await begun(1);
    await store.cancel(id, 'key_1');
    await replica('one', answer).tender.tendNext();
    const body = (async function* () {
      yield Buffer.from('left');
    })();
    await media.put({ key: `batches/${id}/1`, mediaType: 'text/plain', body, maximumBytes: 10 });
    await clock.advance(1_000);
    expect(await sweepBatches({ postgres, media, clock, retentionMs: 2_000 })).toBe(0);
    expect(await sweepBatches({ postgres, media, clock, retentionMs: 500 })).toBe(1);
    const keys: string[] = [];
    for await (const { key } of media.list('batches/')) keys.push(key);
    expect(keys).toEqual([`batches/${running}/input`]);
    expect(await store.find(id, 'key_1')).toBeUndefined();
  });
});
