import { randomUUID } from 'node:crypto';
import { systemClock } from '@sluice/contracts/clock';
import type { DurableInput, DurableSubmission } from '@sluice/contracts/durable-generation';
import { createGenerationId } from '@sluice/contracts/generation-id';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { createProducer, type Producer } from '@sluice/platform-queue/create-producer';
import { createRedis } from '@sluice/platform-redis/create-redis';
import type { Redis } from '@sluice/platform-redis/redis';
import { createMetrics } from '@sluice/platform-telemetry/metrics';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDurableGenerations } from './create-durable-generations.js';
import { DurableSteps } from './durable-steps.js';
import { liveNames } from './live-channel.js';

let database: TestDatabase;
let postgres: Postgres;
let producer: Producer;
let connections: Redis[];
/** Two replicas that share the stores and nothing else. */
let here: ReturnType<typeof createDurableGenerations>;
let there: ReturnType<typeof createDurableGenerations>;
let steps: DurableSteps;
const errors: unknown[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
  const { url } = await createTestRedis();
  const names = liveNames(`test-${randomUUID()}`);
  const connect = (role: 'worker' | 'subscriber') => createRedis({ url, role, name: 'test', onError: () => {} });
  const redis = connect('worker');
  producer = createProducer({ redis, prefix: `test-${randomUUID()}`, metrics: createMetrics({ service: 'test' }) });
  const subscribers = [connect('subscriber'), connect('subscriber')] as const;
  connections = [redis, ...subscribers];
  const onError = (error: unknown) => void errors.push(error);
  const create = (subscriber: Redis) =>
    createDurableGenerations({ postgres, producer, redis, subscriber, names, clock: systemClock, onError });
  [here, there] = [create(subscribers[0]), create(subscribers[1])];
  here.reader.start();
  there.reader.start();
  steps = new DurableSteps({ postgres, live: here.live, clock: systemClock });
});

afterAll(async () => {
  here.reader.stop();
  there.reader.stop();
  await producer.close();
  for (const connection of connections) connection.disconnect();
  await postgres.close();
  await database.drop();
});

function submission(changes: Partial<DurableSubmission> = {}): DurableSubmission {
  const createdAtMs = Date.now();
  return {
    id: createGenerationId(createdAtMs),
    ownerKeyId: 'owner',
    dialect: 'openai-chat',
    model: 'video',
    targets: [{ upstream: 'openai', model: 'video' }],
    input: { kind: 'video', request: { model: 'video', prompt: 'a \u0000 cat \ud800' } },
    reservation: { unit: 'second', amount: 8 },
    requestId: 'req',
    createdAtMs,
    deadlineAtMs: createdAtMs + 60_000,
    ...changes,
  };
}

/** Statements that wait for another transaction's end. */
async function countWaiting(): Promise<number> {
  const { rows } = await postgres.query({
    text: "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  });
  return rows.length;
}

const claim = (key: string, fingerprint = 'body') => ({ scope: 'owner POST /v1/videos', key, fingerprint });

it('what is written alongside is there if, and only if, the generation is', async () => {
  const idempotency = claim('alongside');
  const [lost, first, again] = [submission({ idempotency }), submission({ idempotency }), submission({ idempotency })];
  await expect(here.generations.submit(lost, () => Promise.reject(new Error('full')))).rejects.toThrow('full');
  expect(await here.generations.find(lost.id, 'owner')).toBeUndefined();
  const written: string[] = [];
  for (const one of [first, again])
    await here.generations.submit(one, async (transaction) => {
      const { rows } = await transaction.query<{ id: string }>({ text: 'SELECT id FROM durable_generation' });
      written.push(...rows.map(({ id }) => id).filter((id) => id === one.id));
    });
  expect(written).toEqual([first.id]);
});

it('conversations are forgotten by age, other work is not', async () => {
  const input: DurableInput = { kind: 'chat', request: { model: 'm', messages: [] } };
  const [chat, running, video] = [submission({ input }), submission({ input }), submission()];
  for (const one of [chat, running, video]) await here.generations.submit(one);
  for (const one of [chat, video]) await here.generations.cancel(one.id, 'owner');
  expect(await here.generations.purgeChats(60_000)).toBe(0);
  expect(await here.generations.purgeChats(-60_000)).toBe(1);
  expect(await here.generations.find(chat.id, 'owner')).toBeUndefined();
  expect(await here.generations.find(running.id, 'owner')).toBeDefined();
  expect(await here.generations.find(video.id, 'owner')).toBeDefined();
});

describe('an idempotency key', () => {
  it('makes one generation of the same call, on whichever replica it comes', async () => {
    const idempotency = claim('same');
    const first = await here.generations.submit(submission({ idempotency }));
    const second = await there.generations.submit(submission({ idempotency }));
    expect(first.type).toBe('accepted');
    expect(second).toMatchObject({
      type: 'replayed',
      generation: { id: 'generation' in first ? first.generation.id : '' },
    });
  });

  it('makes one of twenty calls at the same time', async () => {
    const idempotency = claim('crowd');
    const all = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? here : there).generations.submit(submission({ idempotency })),
      ),
    );
    expect(all.filter(({ type }) => type === 'accepted')).toHaveLength(1);
    expect(new Set(all.map((one) => 'generation' in one && one.generation.id)).size).toBe(1);
  });

  it('refuses another body, and is another key in another scope', async () => {
    await here.generations.submit(submission({ idempotency: claim('body') }));
    expect(await here.generations.submit(submission({ idempotency: claim('body', 'other') }))).toEqual({
      type: 'mismatch',
    });
    const elsewhere = { ...claim('body', 'other'), scope: 'another POST /v1/videos' };
    expect((await here.generations.submit(submission({ idempotency: elsewhere }))).type).toBe('accepted');
  });

  it('is forgotten after a day', async () => {
    const old = submission({ idempotency: claim('old'), createdAtMs: Date.now() - 25 * 3_600_000 });
    await here.generations.submit(old);
    expect((await here.generations.submit(submission({ idempotency: claim('old', 'other') }))).type).toBe('accepted');
  });

  it('that ran out stands for what two calls at once made of it, not for what it was', async () => {
    const createdAtMs = Date.now() - 25 * 3_600_000;
    await here.generations.submit(submission({ idempotency: claim('stale'), createdAtMs }));
    const first = submission({ idempotency: claim('stale') });
    let second: ReturnType<typeof here.generations.submit> | undefined;
    await here.generations.submit(first, async () => {
      second = there.generations.submit(submission({ idempotency: claim('stale') }));
      // It has begun, and waits for the first to end.
      await expect.poll(countWaiting).toBe(1);
    });
    expect(await second).toMatchObject({ type: 'replayed', generation: { id: first.id } });
  });

  it('of a first attempt takes the place of the one before, and a retry gets what that made', async () => {
    const key = claim('sdk');
    const first = await here.generations.submit(submission({ idempotency: { ...key, supersedes: true } }));
    const again = await here.generations.submit(submission({ idempotency: { ...key, supersedes: true } }));
    const retry = await here.generations.submit(submission({ idempotency: key }));
    expect([first.type, again.type, retry.type]).toEqual(['accepted', 'accepted', 'replayed']);
    expect(retry).toMatchObject({ generation: { id: 'generation' in again ? again.generation.id : '' } });
  });
});

describe('rows', () => {
  it('come back as they went in, and only to their owner', async () => {
    const sent = submission();
    await here.generations.submit(sent);
    expect(await there.generations.find(sent.id, 'owner')).toMatchObject({
      id: sent.id,
      input: sent.input,
      createdAtMs: sent.createdAtMs,
    });
    expect(await there.generations.find(sent.id, 'another')).toBeUndefined();
    expect(await there.generations.find('gen_nonsense', 'owner')).toBeUndefined();
  });

  it('are listed from both ends, by cursor', async () => {
    const ownerKeyId = 'lister';
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const createdAtMs = Date.now() + count;
      const one = submission({ ownerKeyId, createdAtMs, id: createGenerationId(createdAtMs) });
      ids.push(one.id);
      await here.generations.submit(one);
    }
    const list = async (page: object) =>
      (await here.generations.list({ ownerKeyId, kinds: ['video'], limit: 2, ...page }))?.map(({ id }) => id);
    expect(await list({})).toEqual([ids[4], ids[3], ids[2]]);
    expect(await list({ after: ids[3] })).toEqual([ids[2], ids[1], ids[0]]);
    expect(await list({ order: 'oldest', after: ids[3] })).toEqual([ids[4]]);
    expect(await list({ status: 'succeeded' })).toEqual([]);
    expect(await list({ after: 'video_1' })).toBeUndefined();
  });

  it('are needed while something of their owner is being made of them', async () => {
    const ownerKeyId = `owner ${randomUUID()}`;
    const made = { id: createGenerationId(Date.now()), ownerKeyId, facts: { draft: 'gen_draft' } };
    const isNeeded = (changes: Partial<typeof made> = {}) => here.generations.isNeeded({ ...made, ...changes });
    const from = (request: object) =>
      here.generations.submit(
        submission({ ownerKeyId, input: { kind: 'video', request: { model: 'm', prompt: 'p', ...request } } }),
      );
    await from({ source: { relation: 'remix', generationId: createGenerationId(Date.now()) } });
    expect(await isNeeded()).toBe(false);
    await from({ source: { relation: 'extension', generationId: made.id } });
    expect(await isNeeded()).toBe(true);
    expect(await isNeeded({ ownerKeyId: 'stranger' })).toBe(false);
    const { id } = submission();
    expect(await isNeeded({ id })).toBe(false);
    const byDraft = submission({
      ownerKeyId,
      input: { kind: 'character', request: { model: 'm', from: { type: 'draft', id: 'gen_draft' } } },
    });
    await here.generations.submit(byDraft);
    expect(await isNeeded({ id })).toBe(true);
    await here.generations.cancel(byDraft.id, ownerKeyId);
    expect(await isNeeded({ id })).toBe(false);
  });

  it('are removed with all that is known of them, once they have ended', async () => {
    const sent = submission({ idempotency: claim('removed') });
    await here.generations.submit(sent);
    const remove = () => here.generations.remove({ id: sent.id, ownerKeyId: 'owner', deleteFiles: async () => {} });
    expect(await remove()).toBe('running');
    await here.generations.cancel(sent.id, 'owner');
    expect(await remove()).toBe('removed');
    expect(await remove()).toBe('missing');
  });
});

it('a log is followed from any place, on any replica, by who came early and who came late', async () => {
  const { id } = submission();
  await here.generations.submit(submission({ id }));
  const early = await there.generations.tail(id, 0);
  const seen: number[] = [];
  const reading = (async () => {
    for await (const records of early) for (const { sequence } of records) seen.push(sequence);
  })();
  for (const progress of [10, 20, 30])
    await steps.advanceOne({ id, expected: ['queued'], progress, parts: [{ type: 'progress', progress }] });
  await here.generations.cancel(id, 'owner');
  await reading;
  expect(seen).toEqual([1, 2, 3, 4]);
  const late: number[] = [];
  for await (const records of await there.generations.tail(id, 2))
    for (const { sequence } of records) late.push(sequence);
  expect(late).toEqual([3, 4]);
  for (const place of [99, 2 ** 31 - 1])
    for await (const _ of await there.generations.tail(id, place)) expect.unreachable();
  expect(errors).toEqual([]);
});

it('an operator decides what nobody knows: again, failed, or which operation it is', async () => {
  const make = async () => {
    const sent = submission({ ownerKeyId: 'stuck' });
    await here.generations.submit(sent);
    const target = { upstream: 'openai', model: 'video' };
    const lease = { id: randomUUID(), credentialId: 'cred', epoch: 5 };
    await steps.intend({ step: { id: sent.id, attempt: 0 }, lease, target, baseUrl: 'http://vendor', lookAtMs: 0 });
    await steps.advanceOne({
      id: sent.id,
      expected: ['submitting'],
      attempt: 1,
      state: 'submit_unknown',
      stepAtMs: Date.now() + 60_000,
    });
    return sent.id;
  };
  const state = async (id: string) => (await here.generations.find(id, 'stuck'))?.state;
  const [again, failed, adopted] = [await make(), await make(), await make()];
  expect((await here.operators.list({ limit: 10 })).map(({ id }) => id)).toEqual(
    expect.arrayContaining([again, failed, adopted]),
  );
  await here.operators.resubmit(again);
  expect(await state(again)).toBe('queued');
  await here.operators.fail(failed, { isUsed: false });
  expect(await state(failed)).toBe('failed');
  await here.operators.adopt(adopted, { id: 'video_1' });
  expect(await state(adopted)).toBe('submitted');
  await expect(here.operators.adopt(failed, { id: 'video_2' })).rejects.toMatchObject({ code: 'invalid_request' });
  const other = await make();
  await expect(here.operators.adopt(other, { id: 'video_1' })).rejects.toMatchObject({ code: 'invalid_request' });
});
