import { createRedis } from '@sluice/platform-redis/create-redis';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { createTestRedis } from '@sluice/testing/create-test-redis';
import { afterEach, expect, test } from 'vitest';
import {
  add,
  cleanUp,
  consumerAt,
  countIdle,
  DONE,
  gate,
  onCleanUp,
  ownServer,
  producerAt,
} from './queue-rig.fixture.js';

afterEach(cleanUp);

const FETCHERS = 4;

/** Jobs that end when the test says so, by a clock that stands still until then. */
async function stand({ concurrency = 64 } = {}) {
  const clock = createFakeClock(Date.now());
  const { url } = await ownServer();
  const started: string[] = [];
  let isOver = false;
  const ends = new Map<string, () => void>();
  const handler = async ({ id }: { id: string }) => {
    const end = gate<void>();
    ends.set(id, () => end.open());
    started.push(id);
    if (!isOver) await end.opened;
    return DONE;
  };
  const consumer = await consumerAt(url, handler, { concurrency, clock });

  onCleanUp(() => {
    isOver = true;
    for (const end of ends.values()) end();
  });
  await expect.poll(() => countIdle(url)).toBe(Math.min(FETCHERS, concurrency));
  return { url, clock, started, consumer, producer: await producerAt(url), end: (id: string) => ends.get(id)?.() };
}

test('one that comes alone is left in peace, and when it is done all wait again', async () => {
  const { url, started, producer, end } = await stand();
  for (const id of ['gen_1', 'gen_2']) {
    await add(producer, id);
    await expect.poll(() => started).toContain(id);
    // Nobody else was woken, and who got the job does not ask for more.
    for (let look = 0; look < 10; look += 1) expect(await countIdle(url)).toBe(FETCHERS - 1);
    end(id);
    await expect.poll(() => countIdle(url)).toBe(FETCHERS);
  }
});

test('others that come meanwhile are taken at once', async () => {
  const { started, producer } = await stand();
  const ids = Array.from({ length: 12 }, (_, index) => `gen_${index}`);
  for (const id of ids) {
    await add(producer, id);
    await expect.poll(() => started).toContain(id);
  }
});

test('a job that lasts keeps the next from nobody', async () => {
  const { started, producer, clock } = await stand();
  await add(producer, 'gen_1');
  await expect.poll(() => started).toEqual(['gen_1']);
  await clock.advance(2);
  for (const id of ['gen_2', 'gen_3']) {
    await add(producer, id);
    await expect.poll(() => started).toContain(id);
  }
});

test.each([
  ['cannot look', 1],
  ['closes', 2],
])('where the one who took a job unheard %s, the others hear of the next', async (_, concurrency) => {
  const { url, started, consumer, producer, end } = await stand({ concurrency });
  await add(producer, 'gen_1');
  await expect.poll(() => started).toHaveLength(1);
  const store = createRedis({ url, role: 'worker', name: 'test', onError: () => undefined });
  onCleanUp(() => store.disconnect());
  expect(await store.keys('*:marker')).toEqual([]);

  const drained = consumer.drain({ deadlineMs: 1_000 });
  end('gen_1');
  expect(await drained).toEqual([]);
  expect(await store.keys('*:marker')).toHaveLength(1);
});

test('a job that lasts, of one who can take no other, keeps the next from nobody', async () => {
  const { url, started, producer, clock } = await stand({ concurrency: 1 });
  await add(producer, 'gen_1');
  await expect.poll(() => started).toHaveLength(1);
  const store = createRedis({ url, role: 'worker', name: 'test', onError: () => undefined });
  onCleanUp(() => store.disconnect());
  expect(await store.keys('*:marker')).toEqual([]);
  await clock.advance(2);
  await expect.poll(() => store.keys('*:marker')).toHaveLength(1);
});

test('those who are put back until the same moment keep nobody waiting', async () => {
  const { url } = await createTestRedis();
  const ended: string[] = [];
  let dueAtMs = 0;
  await consumerAt(
    url,
    async ({ id }, { attempt }) => {
      if (id.startsWith('gen_back') && attempt < 3) return { type: 'put-back', delayUntilMs: dueAtMs };
      ended.push(id);
      return DONE;
    },
    { concurrency: 64 },
  );
  const producer = await producerAt(url);
  for (let round = 0; round < 8; round += 1) {
    dueAtMs = Date.now() + 20;
    const backs = [`gen_back_${round}_1`, `gen_back_${round}_2`];
    for (const ids of [backs, [`gen_${round}_1`], [`gen_${round}_2`]]) {
      await Promise.all(ids.map((id) => add(producer, id)));
      await expect.poll(() => ended, { timeout: 1_000, interval: 5 }).toEqual(expect.arrayContaining(ids));
    }
  }
});

test('a delayed job is started in time though what was known of it was not asked again', async () => {
  const { url } = await createTestRedis();
  const started = gate<number>();
  const end = gate<void>();
  await consumerAt(
    url,
    async ({ id }) => {
      if (id === 'gen_delayed') started.open(Date.now());
      else await end.opened;
      return DONE;
    },
    { concurrency: 8 },
  );
  const producer = await producerAt(url);
  await expect.poll(() => countIdle(url)).toBe(FETCHERS);
  const dueAtMs = Date.now() + 600;
  await add(producer, 'gen_delayed', { delayMs: 600 });
  for (let index = 0; index < FETCHERS; index += 1) await add(producer, `gen_${index}`);

  const startedAtMs = await started.opened;
  expect(startedAtMs).toBeGreaterThanOrEqual(dueAtMs);
  expect(startedAtMs).toBeLessThan(dueAtMs + 1_500);
  end.open();
});
