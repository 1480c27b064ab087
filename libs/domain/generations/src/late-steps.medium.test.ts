import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createDurableDomain, type DurableDomain } from './__fixtures__/durable-domain.js';
import type { Due } from './durable-bell.js';
import { Reconciler } from './reconciler.js';

const DAY_MS = 24 * 60 * 60_000;

let domain: DurableDomain;
beforeAll(async () => {
  domain = await createDurableDomain();
});
afterAll(() => domain.close());
beforeEach(async () => {
  await domain.postgres.query({ text: 'DELETE FROM durable_generation' });
  await domain.redis.set(`${domain.prefix}:durable:rung`, '1');
});

/** A submission whose reply was lost, at an upstream that can look nothing up: its job sleeps for a day. */
async function makeUnknown(upstream: string): Promise<string> {
  const { generations, steps, producer, bell, clock } = domain;
  const target = { upstream, model: 'video' };
  const { id } = domain.submission();
  await generations.submit(domain.submission({ id, targets: [target] }));
  const address = { name: 'step-generation', upstream, jobId: id } as const;
  await expect.poll(() => producer.has(address)).toBe(true);
  await producer.remove(address);
  const lease = { id: randomUUID(), credentialId: 'cred', epoch: 5 };
  await steps.intend({ step: { id, attempt: 0 }, lease, target, baseUrl: 'http://vendor', lookAtMs: clock.now() });
  const stepAtMs = clock.now() + DAY_MS;
  await steps.advanceOne({ id, expected: ['submitting'], attempt: 1, state: 'submit_unknown', stepAtMs });
  await bell.add({ upstream, generationId: id, delayMs: DAY_MS });
  expect(await domain.producer.counts(upstream, 'durable')).toMatchObject({ waiting: 0, delayed: 1 });
  return id;
}

function reconciler(bell: ConstructorParameters<typeof Reconciler>[0]['bell'] = domain.bell): Reconciler {
  const { postgres, redis, prefix, clock } = domain;
  return new Reconciler({ postgres, redis, prefix, bell, clock });
}

it('what an operator submits again is submitted now, not when its old job would have come', async () => {
  const id = await makeUnknown('resubmitted');
  await domain.operators.resubmit(id);
  expect(await domain.producer.counts('resubmitted', 'durable')).toMatchObject({ waiting: 1, delayed: 0 });
});

it('a late step whose job is planned for later is brought forward', async () => {
  const id = await makeUnknown('late');
  await domain.steps.advanceOne({
    id,
    expected: ['submit_unknown'],
    state: 'queued',
    stepAtMs: domain.clock.now() - 10_000,
  });
  expect(await reconciler().run()).toBe(1);
  expect(await domain.producer.counts('late', 'durable')).toMatchObject({ waiting: 1, delayed: 0 });
});

/** Rows of which nobody but the reconciler knows, each a millisecond later than the one before. */
async function makeLate(upstream: string, count: number): Promise<void> {
  await domain.postgres.query({
    text: `INSERT INTO durable_generation
        (id, kind, owner_key_id, dialect, model, targets, queue_upstream, input, request_id, created_at, deadline_at, next_step_at)
      SELECT $1 || to_char(number, 'FM00000'), 'video', 'owner', 'openai-chat', 'video', '[]', $1, '{}', 'req', at, at, at
      FROM generate_series(1, $2::int) AS number,
        LATERAL (SELECT $3::timestamptz + number * interval '1 millisecond') AS late (at)`,
    values: [upstream, count, new Date(domain.clock.now() - 3_600_000)],
  });
}

function countingBell() {
  const rung: string[] = [];
  const ring = async ({ generationId }: Due) => void rung.push(generationId);
  return { rung, bell: { add: ring, addNow: ring, addPoll: async () => {} } };
}

it('a backlog of one upstream hides nobody, and is gone through to its end and again', async () => {
  await makeLate('crowded', 2_600);
  await makeLate('quiet', 1);
  const { rung, bell } = countingBell();
  const rings = reconciler(bell);
  await rings.run();
  expect(rung).toContain('quiet00001');
  expect(rung).toHaveLength(501);
  for (let run = 0; run < 5; run += 1) await rings.run();
  expect(new Set(rung).size).toBe(2_601);
  rung.length = 0;
  await rings.run();
  expect(rung).toContain('crowded00001');
});

it('a Redis that has lost all hears of every row, once', async () => {
  await makeLate('crowded', 1_200);
  await makeLate('quiet', 3);
  await domain.redis.del(`${domain.prefix}:durable:rung`);
  const { rung, bell } = countingBell();
  expect(await reconciler(bell).run()).toBe(1_203);
  expect(new Set(rung).size).toBe(1_203);
});
