import { GenerationReader } from '@sluice/domain-generations/generation-reader';
import type { GenerationRow } from '@sluice/domain-generations/generation-row';
import { ResponseStore } from '@sluice/domain-responses/response-store';
import type { Part } from '@sluice/contracts/part';
import { createGenerationId } from '@sluice/contracts/generation-id';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { encodeFrame } from '@sluice/wire-openai-responses/encode-frame';
import { toResponseId } from '@sluice/wire-openai-responses/item-id';
import { parseRequest } from '@sluice/wire-openai-responses/parse-request';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EarlierItems } from './earlier-items.js';
import { toStoredFrame } from './response-frame.js';
import { ResponseReader } from './response-reader.js';
import { ResponseRuns } from './response-runs.js';

const NOW_MS = Date.UTC(2026, 10, 21);
const PARTS: Part[] = [{ type: 'text-delta', choice: 0, text: 'said' }, { type: 'succeeded' }];

let database: TestDatabase;
let postgres: Postgres;
let store: ResponseStore;
/** What the generations' own rows say. */
const rows = new Map<string, GenerationRow>();

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
  store = new ResponseStore(postgres, createFakeClock(NOW_MS));
});
afterAll(async () => {
  await postgres.close();
  await database.drop();
});

const never = () => Promise.reject(new Error('not asked'));
const DURABLE = { find: never, tail: never };

function readerAt(nowMs: number) {
  const clock = createFakeClock(nowMs);
  const interactive = new GenerationReader({
    find: (id) => Promise.resolve(rows.get(id)),
    list: () => Promise.resolve([]),
    now: () => nowMs,
    sleep: () => Promise.resolve(),
  });
  const runs = new ResponseRuns({ interactive, live: { open: never }, durable: DURABLE, log: { read: never }, clock });
  const reader = new ResponseReader({ store, runs, remember: () => Promise.resolve() });
  return { reader, earlier: new EarlierItems({ store, reader }) };
}

/** Accepted by a replica that has not said how it ended. */
async function accept(): Promise<{ id: string; generationId: string }> {
  const generationId = createGenerationId(NOW_MS);
  const id = toResponseId(generationId);
  const { body } = parseRequest({ model: 'm', input: 'asked' });
  await store.insert({
    id,
    ownerKeyId: 'owner',
    createdAtMs: NOW_MS,
    previousResponseId: undefined,
    frame: toStoredFrame(encodeFrame(body, { id, createdSeconds: NOW_MS / 1000 })),
    input: [{ id: 'msg_1', type: 'message', role: 'user', content: 'asked' }],
  });
  return { id, generationId };
}

function row(id: string, changes: Partial<GenerationRow>): GenerationRow {
  return {
    id,
    created_at: new Date(NOW_MS),
    kind: 'chat',
    status: 'succeeded',
    owner_key_id: 'owner',
    dialect: 'openai-responses',
    model: 'm',
    upstream: null,
    upstream_model: null,
    credential_id: null,
    attempt: 1,
    events: JSON.stringify(PARTS),
    error: null,
    usage: null,
    last_sequence: PARTS.length,
    started_at: null,
    finished_at: new Date(NOW_MS),
    request_id: null,
    stream: true,
    ...changes,
  } as GenerationRow;
}

describe('a response whose replica died before it said how it ended', () => {
  it('has ended as its generation has, for whoever asks', async () => {
    const { id, generationId } = await accept();
    rows.set(generationId, row(generationId, {}));
    const found = await readerAt(NOW_MS + 1_000).reader.find(id, 'owner');
    expect(found?.outcome?.members).toMatchObject({ status: 'completed', completed_at: NOW_MS / 1000 + 1 });
    expect(await store.findParts(id, 'owner')).toEqual(PARTS);
  });

  it('can be gone on with', async () => {
    const { id, generationId } = await accept();
    rows.set(generationId, row(generationId, {}));
    const { earlier } = readerAt(NOW_MS + 1_000);
    const { history } = await earlier.find({ previousResponseId: id, references: [] }, 'owner');
    expect(history).toMatchObject([{ role: 'user' }, { role: 'assistant', content: [{ text: 'said' }] }]);
  });

  it('is in progress while its generation runs, and failed once that is lost', async () => {
    const { id, generationId } = await accept();
    expect((await readerAt(NOW_MS + 1_000).reader.find(id, 'owner'))?.outcome).toBeUndefined();
    rows.set(generationId, row(generationId, { status: 'running', finished_at: null, events: null }));
    expect((await readerAt(NOW_MS + 90_000).reader.find(id, 'owner'))?.outcome).toBeUndefined();
    const refusal = { data: { code: 'invalid_request', param: 'previous_response_id' } };
    const { earlier } = readerAt(NOW_MS + 90_000);
    await expect(earlier.find({ previousResponseId: id, references: [] }, 'owner')).rejects.toMatchObject(refusal);
    rows.delete(generationId);
    const lost = await readerAt(NOW_MS + 90_000).reader.find(id, 'owner');
    expect(lost?.outcome?.members).toMatchObject({ status: 'failed' });
  });
});
