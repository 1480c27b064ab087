import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDurableRig, type DurableRig } from './__fixtures__/durable-rig.js';
import { MP4, MP4_SHA256 } from './__fixtures__/fake-vendor.js';

let rig: DurableRig;

beforeAll(async () => {
  rig = await createDurableRig();
});

afterAll(() => rig.close());

beforeEach(() => {
  rig.vendor.plan.length = 0;
  rig.vendor.files.length = 0;
  rig.vendor.onTaken = () => {};
  rig.vendor.onStart = () => {};
  rig.vendor.isDown = false;
  rig.slots.isFull = false;
  rig.errors.length = 0;
});

/** From submission to the end, with everything that is due in between. */
async function finish(id: string) {
  rig.vendor.finish();
  await rig.clock.advance(20_000);
  await rig.poll();
  await rig.step(id);
}

describe('the way of a video', () => {
  it('goes from queued to succeeded, with its file copied, its log whole and its ledger even', async () => {
    const { id, prompt } = await rig.submit();
    expect(await rig.row(id)).toMatchObject({ state: 'queued', status: 'queued', lastSequence: 0 });
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({
      state: 'submitted',
      status: 'running',
      attempt: 1,
      credentialId: 'cred',
    });
    for (const one of rig.vendor.made) one.progress = 40;
    await rig.clock.advance(2_000);
    await rig.poll();
    expect((await rig.row(id)).progress).toBe(40);
    rig.vendor.finish();
    await rig.clock.advance(5_000);
    await rig.poll();
    expect((await rig.row(id)).state).toBe('collecting');
    await rig.step(id);
    const done = await rig.row(id);
    expect(done).toMatchObject({ state: 'succeeded', progress: 100, facts: { durationSeconds: 4 } });
    expect(done.files).toMatchObject([
      { role: 'result', sha256: MP4_SHA256, media: { bytes: MP4.length, mediaType: 'video/mp4' } },
    ]);
    expect(await rig.log(id)).toEqual(['1 attempt', '2 progress', '3 progress', '4 result', '5 succeeded']);
    expect(await rig.lines(id)).toEqual({ reserve: 8, settle: 4, refund: 4 });
    expect(rig.vendor.submissionsOf(prompt)).toBe(1);
    expect(rig.slots.held.size).toBe(0);
  });

  it('waits without holding anything while no credential is free', async () => {
    const { id } = await rig.submit();
    rig.slots.isFull = true;
    expect(await rig.step(id)).toMatchObject({ type: 'put-back' });
    expect(await rig.row(id)).toMatchObject({ state: 'queued', attempt: 0 });
    expect(await rig.places.place(await rig.row(id))).toMatchObject({ position: 0 });
    rig.slots.isFull = false;
    await rig.step(id);
    expect((await rig.row(id)).state).toBe('submitted');
  });

  it('is refused for good where the request is at fault, and nothing is used', async () => {
    const { id } = await rig.submit();
    rig.vendor.plan.push('bad request');
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({ state: 'failed', error: { code: 'invalid_request' } });
    expect(await rig.lines(id)).toEqual({ reserve: 8, refund: 8 });
  });

  it('goes to another credential after a plain refusal', async () => {
    const { id, prompt } = await rig.submit();
    rig.vendor.plan.push('refused');
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({ state: 'submitted', attempt: 2 });
    expect(rig.vendor.submissionsOf(prompt)).toBe(1);
  });

  it('fails when the upstream gives it up, and what it did not make is given back', async () => {
    const { id } = await rig.submit();
    await rig.step(id);
    rig.vendor.finish('failed');
    await rig.clock.advance(2_000);
    await rig.poll();
    expect(await rig.row(id)).toMatchObject({ state: 'failed', error: { code: 'content_refused' } });
    expect(await rig.lines(id)).toEqual({ reserve: 8, refund: 8 });
  });

  it('keeps what an adapter prepared with the intent', async () => {
    const { id } = await rig.submit();
    rig.vendor.plan.push('prepare first', 'lost reply');
    await rig.step(id);
    expect(await rig.steps.find(id)).toMatchObject({ state: 'submit_unknown', prepared: { post: 'p1' } });
    await rig.clock.advance(61_000);
    await rig.step(id);
    expect((await rig.row(id)).state).toBe('submitted');
  });
});

describe('a reply that is lost', () => {
  it('after the work was taken: it is found and adopted, and submitted once', async () => {
    const { id, prompt } = await rig.submit();
    rig.vendor.plan.push('lost reply');
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({ state: 'submit_unknown', status: 'running' });
    await rig.clock.advance(60_000);
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({ state: 'submitted', attempt: 1 });
    await finish(id);
    expect((await rig.row(id)).state).toBe('succeeded');
    expect(rig.vendor.submissionsOf(prompt)).toBe(1);
  });

  it('before it arrived: it is submitted again only after two look-ups, the first a minute after the intent', async () => {
    const { id, prompt } = await rig.submit();
    rig.vendor.plan.push('never arrived');
    await rig.step(id);
    await rig.clock.advance(30_000);
    expect(await rig.step(id)).toMatchObject({ type: 'put-back' });
    await rig.clock.advance(30_000);
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({ state: 'submit_unknown', attempt: 1 });
    await rig.clock.advance(10_000);
    await rig.step(id);
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({ state: 'submitted', attempt: 2 });
    expect(rig.vendor.submissionsOf(prompt)).toBe(1);
  });

  it('never adopts what another generation owns', async () => {
    const prompt = 'the same words';
    const input = { kind: 'video', request: { model: 'video', prompt } } as const;
    const first = await rig.submit({ input });
    await rig.step(first.id);
    const second = await rig.submit({ input });
    rig.vendor.plan.push('never arrived');
    await rig.step(second.id);
    for (const waitMs of [60_000, 10_000]) {
      await rig.clock.advance(waitMs);
      await rig.step(second.id);
    }
    await rig.step(second.id);
    expect(await rig.row(second.id)).toMatchObject({ state: 'submitted', attempt: 2 });
    expect(rig.vendor.submissionsOf(prompt)).toBe(2);
  });

  it('stays open while nobody can tell, and is settled as failed after a day', async () => {
    const { id, prompt } = await rig.submit({ deadlineAtMs: rig.clock.now() + 10 * 86_400_000 });
    rig.vendor.plan.push('lost reply');
    await rig.step(id);
    rig.vendor.isDown = true;
    await rig.clock.advance(3_600_000);
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({ state: 'submit_unknown', error: { code: 'outcome_unknown' } });
    await rig.clock.advance(86_400_000);
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({ state: 'failed', error: { code: 'outcome_unknown' } });
    expect(await rig.lines(id)).toEqual({ reserve: 8, settle: 8 });
    expect(rig.vendor.submissionsOf(prompt)).toBe(1);
  });
});

describe('a worker that is killed', () => {
  it('between the intent and the operation: the next one finds the work', async () => {
    const { id, prompt } = await rig.submit();
    // The reply never comes back to this worker, and nothing it does after that reaches the row.
    const killed = new Promise<void>((resolve) => {
      rig.vendor.onTaken = () => {
        resolve();
        return new Promise(() => {});
      };
    });
    void rig.step(id);
    await killed;
    expect((await rig.row(id)).state).toBe('submitting');
    rig.vendor.onTaken = () => {};
    await rig.step(id, 2);
    expect(await rig.row(id)).toMatchObject({ state: 'submitted', attempt: 1 });
    expect(rig.vendor.submissionsOf(prompt)).toBe(1);
  });

  it('before the call: the next one waits its minute, then submits', async () => {
    const { id, prompt } = await rig.submit();
    const killed = new Promise<void>((resolve) => {
      rig.vendor.onStart = () => {
        resolve();
        return new Promise(() => {});
      };
    });
    void rig.step(id);
    await killed;
    rig.vendor.onStart = () => {};
    await rig.step(id, 2);
    expect((await rig.row(id)).state).toBe('submit_unknown');
    for (const waitMs of [60_000, 10_000, 0]) {
      await rig.clock.advance(waitMs);
      await rig.step(id, 3);
    }
    expect(await rig.row(id)).toMatchObject({ state: 'submitted', attempt: 2 });
    expect(rig.vendor.submissionsOf(prompt)).toBe(1);
  });

  it('or only paused, since its intent: it sends nothing when it wakes', async () => {
    const { id, prompt } = await rig.submit();
    const gates: (() => void)[] = [];
    const started = new Promise<void>((resolve) => {
      rig.vendor.onStart = () => {
        resolve();
        return new Promise<void>((open) => void gates.push(open));
      };
    });
    const paused = rig.step(id);
    await started;
    rig.vendor.onStart = () => {};
    await rig.step(id, 2);
    for (const waitMs of [60_000, 10_000, 0]) {
      await rig.clock.advance(waitMs);
      await rig.step(id, 3);
    }
    expect(rig.vendor.submissionsOf(prompt)).toBe(1);
    for (const open of gates) open();
    await paused;
    expect(rig.vendor.submissionsOf(prompt)).toBe(1);
    expect(await rig.row(id)).toMatchObject({ state: 'submitted', attempt: 2 });
  });

  it('or slow: its late word still counts where nobody has gone on', async () => {
    const { id, prompt } = await rig.submit();
    const gates: (() => void)[] = [];
    const taken = new Promise<void>((resolve) => {
      rig.vendor.onTaken = () => {
        resolve();
        return new Promise<void>((open) => void gates.push(open));
      };
    });
    const slow = rig.step(id);
    await taken;
    rig.vendor.isDown = true;
    await rig.step(id, 2);
    expect((await rig.row(id)).state).toBe('submit_unknown');
    for (const open of gates) open();
    await slow;
    expect(await rig.row(id)).toMatchObject({ state: 'submitted', attempt: 1 });
    expect(rig.vendor.submissionsOf(prompt)).toBe(1);
  });
});

describe('steps that run twice', () => {
  it('submit once, whoever comes first', async () => {
    const { id, prompt } = await rig.submit();
    await Promise.all([
      rig.step(id),
      rig.newWorker().run({ generationId: id }, { attempt: 1, signal: new AbortController().signal }),
    ]);
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({ state: 'submitted', attempt: 1 });
    expect(rig.vendor.submissionsOf(prompt)).toBe(1);
  });

  it('poll and collect once in the log and in the ledger', async () => {
    const { id } = await rig.submit();
    await rig.step(id);
    rig.vendor.finish();
    await rig.clock.advance(2_000);
    await Promise.all([rig.poll(), rig.poll()]);
    await Promise.all([rig.step(id), rig.step(id)]);
    expect((await rig.row(id)).state).toBe('succeeded');
    expect(await rig.log(id)).toEqual(['1 attempt', '2 progress', '3 result', '4 succeeded']);
    expect(await rig.lines(id)).toEqual({ reserve: 8, settle: 4, refund: 4 });
  });

  it('are fenced by the epoch of their lease', async () => {
    const { id } = await rig.submit();
    const step = await rig.steps.find(id);
    if (!step) throw new Error('no row');
    const target = { upstream: 'openai', model: 'video' };
    const intend = (epoch: number) =>
      rig.steps.intend({
        step: { id, attempt: step.attempt },
        lease: { id: 'l', credentialId: 'cred', epoch },
        target,
        baseUrl: '',
        lookAtMs: 0,
      });
    const lateEpoch = rig.slots.epoch + 100;
    expect(await intend(lateEpoch)).toMatchObject({ attempt: 1 });
    await rig.steps.advanceOne({ id, expected: ['submitting'], state: 'queued' });
    const later = await rig.steps.intend({
      step: { id, attempt: 1 },
      lease: { id: 'l', credentialId: 'cred', epoch: lateEpoch - 1 },
      target,
      baseUrl: '',
      lookAtMs: 0,
    });
    expect(later).toBeUndefined();
  });
});

describe('files', () => {
  it.each(['truncated', 'expired', 'page'] as const)('that come %s are fetched again, by a fresh URL', async (fate) => {
    const { id } = await rig.submit();
    await rig.step(id);
    rig.vendor.finish();
    await rig.clock.advance(2_000);
    await rig.poll();
    rig.vendor.files.push(fate);
    await rig.step(id);
    expect((await rig.row(id)).state).toBe('submitted');
    await rig.clock.advance(2_000);
    await rig.poll();
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({ state: 'succeeded', files: [{ sha256: MP4_SHA256 }] });
  });
});

it('a Redis that has lost everything is rung from the rows', async () => {
  const queued = await rig.submit();
  const running = await rig.submit();
  await rig.step(running.id);
  await rig.redis.flushdb();
  expect(await rig.producer.has({ name: 'step-generation', upstream: 'openai', jobId: queued.id })).toBe(false);
  await rig.reconciler.run();
  expect(await rig.producer.has({ name: 'step-generation', upstream: 'openai', jobId: queued.id })).toBe(true);
  expect(await rig.producer.has({ name: 'poll-credential', upstream: 'openai', jobId: 'poll.cred' })).toBe(true);
});

it('the ledger balances, whatever became of them', async () => {
  expect(await rig.ledger.imbalances(10 * 86_400_000)).toEqual([]);
  const [sums] = await rig.ledger.sums();
  expect(sums?.reserved).toBe((sums?.settled ?? 0) + (sums?.refunded ?? 0) + (sums?.open ?? 0));
});
