import type { DurableSubmission } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JobStep } from '@sluice/upstream-kit/job';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDurableRig, type DurableRig } from './__fixtures__/durable-rig.js';
import { FakePainter, held, made, operation, png, untilLeft } from './__fixtures__/fake-painter.js';
import { TAKEN_OVER } from './attended-ends.js';
import { DURABLE_TIMING } from './durable-deps.js';

let rig: DurableRig;
let painter: FakePainter;
let count = 0;

beforeAll(async () => {
  rig = await createDurableRig();
  rig.deps.httpFor = () => painter.http;
});

afterAll(() => rig.close());

beforeEach(() => {
  painter = new FakePainter();
  rig.deps.upstream = { ...rig.deps.upstream, jobs: { image: painter.job } };
  rig.errors.length = 0;
  rig.slots.held.clear();
});

async function submit(more: object = {}, changes: Partial<DurableSubmission> = {}) {
  const prompt = `picture ${(count += 1)}`;
  const request = { model: 'image', prompt, ...more };
  const reservation = { unit: 'image' as const, amount: 4 };
  const { id } = await rig.submit({ input: { kind: 'image', request }, reservation, ...changes });
  return { id, prompt };
}

const plan = (...steps: (JobStep | GatewayError)[]) =>
  async function* (_context: unknown) {
    for (const step of steps) {
      if (step instanceof GatewayError) throw step;
      yield step;
    }
  };

/** Runs until the call hangs at the upstream. */
async function hanging(id: string, { clock = rig.clock, signal = new AbortController().signal } = {}) {
  let goOn: (steps: JobStep[]) => void = () => {};
  const reached = new Promise<void>((resolve) => {
    painter.plan = async function* (context) {
      resolve();
      const steps = await Promise.race([new Promise<JobStep[]>((open) => (goOn = open)), untilLeft(context)]);
      yield* steps;
    };
  });
  const running = rig.newWorker({ clock }).run({ generationId: id }, { attempt: 1, signal });
  await reached;
  return { running, goOn: (...steps: JobStep[]) => goOn(steps) };
}

const state = async (id: string) => (await rig.row(id)).state;

describe('the way of a picture', () => {
  it('is one transition to succeeded: stored, told and settled by what was made', async () => {
    const { id, prompt } = await submit({ count: 4 });
    const facts = { revisedPrompts: ['a', 'b', 'c'], usage: { totalTokens: 7 } };
    const broken = { role: 'result' as const, bytes: Buffer.from('error') };
    painter.plan = plan({ type: 'accepted', operation }, made([held('1'), broken, held('3')], facts));
    await rig.step(id);
    const row = await rig.row(id);
    expect(row).toMatchObject({ state: 'succeeded', progress: 100, attempt: 1 });
    expect(row.facts).toEqual({ revisedPrompts: ['a', 'c'], usage: { totalTokens: 7 }, requested: 4, made: 2 });
    expect(row.files).toMatchObject([
      { role: 'result', media: { key: `generations/${id}/1-0.png`, mediaType: 'image/png', bytes: 9 } },
      { role: 'result', media: { key: `generations/${id}/1-1.png` } },
    ]);
    expect(await rig.log(id)).toEqual(['1 attempt', '2 progress', '3 result', '4 succeeded']);
    expect(await rig.lines(id)).toEqual({ reserve: 4, settle: 2, refund: 2 });
    expect(painter.timesTaken(prompt)).toBe(1);
    expect(rig.slots.held.size).toBe(0);
  });

  it('goes by way of collecting where files lie elsewhere, beside those that came', async () => {
    const { id } = await submit({ count: 2 });
    const url = { role: 'result' as const, url: 'http://vendor/1.png', needsCredential: false };
    painter.plan = plan(made([held('0'), url]));
    await rig.step(id);
    expect(await state(id)).toBe('collecting');
    expect(rig.slots.held.size).toBe(1);
    await rig.step(id);
    const { files, facts } = await rig.row(id);
    expect(await state(id)).toBe('succeeded');
    expect(files.map(({ media }) => media.key)).toEqual([`generations/${id}/1-0.png`, `generations/${id}/1-1.png`]);
    expect(facts).toEqual({});
    expect(await rig.lines(id)).toEqual({ reserve: 4, settle: 2, refund: 2 });
    expect(rig.slots.held.size).toBe(0);
  });

  it('gives no file that is fetched later the name of one that came', async () => {
    const { id } = await submit({ count: 2 });
    const broken = { role: 'result' as const, bytes: Buffer.from('error') };
    const url = { role: 'result' as const, url: 'http://vendor/1.png', needsCredential: false };
    painter.plan = plan(made([broken, held('0'), url]));
    await rig.step(id);
    await rig.step(id);
    const keys = (await rig.row(id)).files.map(({ media }) => media.key);
    expect(new Set(keys).size).toBe(2);
  });

  it('keeps every picture by its own prompt where one of them can never be fetched', async () => {
    const { id } = await submit({ count: 2 });
    const { request } = painter.http;
    painter.http.request = (call) =>
      call.url.endsWith('/lost.png')
        ? Promise.reject(new GatewayError('upstream_unreachable', 'Gone.'))
        : request(call);
    const at = (name: string) => ({
      role: 'result' as const,
      url: `http://vendor/${name}.png`,
      needsCredential: false,
    });
    painter.plan = plan(made([at('lost'), at('there')], { revisedPrompts: ['of the lost', 'of the other'] }));
    for (let steps = 0; steps < 12; steps += 1) {
      await rig.step(id);
      await rig.clock.advance(61_000);
    }
    const row = await rig.row(id);
    expect(row).toMatchObject({ state: 'succeeded', files: [{ role: 'result' }] });
    expect(row.facts).toMatchObject({ revisedPrompts: ['of the other'], made: 1 });
  });

  it('fails for nothing where what came is no picture, and is not made again', async () => {
    const { id, prompt } = await submit();
    painter.plan = plan(made([{ role: 'result', bytes: Buffer.from('error') }]));
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({ state: 'failed', error: { code: 'upstream_bad_answer' } });
    expect(await rig.lines(id)).toEqual({ reserve: 4, refund: 4 });
    expect(painter.timesTaken(prompt)).toBe(1);
  });

  it('is told in previews on the way, in their order; they are deleted when it has ended', async () => {
    const { id } = await submit({ partials: 2 });
    const partial = (text: string): JobStep => ({
      type: 'partial',
      operation,
      index: 0,
      file: { role: 'partial', bytes: png(text) },
    });
    const bad: JobStep = { type: 'partial', operation, file: { role: 'partial', bytes: Buffer.from('no') } };
    painter.plan = plan(
      partial('a'),
      bad,
      partial('bb'),
      { type: 'running', operation, progress: 50 },
      made([held('c')]),
    );
    await rig.step(id);
    expect(await rig.log(id)).toEqual([
      '1 attempt',
      '2 partial',
      '3 partial',
      '4 progress',
      '5 progress',
      '6 result',
      '7 succeeded',
    ]);
    const tail = await rig.generations.tail(id, 1);
    const first = await tail[Symbol.asyncIterator]().next();
    const records = first.done === true ? [] : first.value;
    tail.close();
    const key = (number: number) => `generations/${id}/partial-1-0-${number}.png`;
    expect(records.slice(0, 2).map(({ part }) => part)).toMatchObject([
      { type: 'partial', index: 0, number: 0, media: { key: key(0), bytes: 9 } },
      { type: 'partial', index: 0, number: 1, media: { key: key(1), bytes: 10 } },
    ]);
    expect(await rig.media.head(key(1))).toBeDefined();
    await rig
      .newWorker()
      .run({ generationId: id }, { id: `${id}.tidy`, attempt: 1, signal: new AbortController().signal });
    expect(await rig.media.head(key(0))).toBeUndefined();
    expect(await rig.media.head(key(1))).toBeUndefined();
    expect(await rig.media.head(`generations/${id}/1-0.png`)).toBeDefined();
  });

  it('is submitted again after a certain refusal only', async () => {
    const { id, prompt } = await submit();
    const refusal = plan(new GatewayError('upstream_rate_limited', 'Slow down.', { saw: 'refused' }));
    painter.plan = (context) => {
      painter.plan = plan(made([held('1')]));
      return refusal(context);
    };
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({ state: 'succeeded', attempt: 2 });
    expect(painter.timesTaken(prompt)).toBe(2);
    const refused = await submit();
    painter.plan = plan(new GatewayError('content_refused', 'No.', { saw: 'refused' }));
    await rig.step(refused.id);
    expect(await rig.row(refused.id)).toMatchObject({ state: 'failed', error: { code: 'content_refused' } });
    expect(await rig.lines(refused.id)).toEqual({ reserve: 4, refund: 4 });
  });
});

describe('a call that takes minutes', () => {
  it('is nobody else’s while its worker says that it lives', async () => {
    const { id, prompt } = await submit();
    const { running, goOn } = await hanging(id);
    const aliveForMs = async () => ((await rig.steps.find(id))?.nextStepAtMs ?? 0) - rig.clock.now();
    for (let beats = 0; beats < 20; beats += 1) {
      await rig.clock.advance(5_000);
      // A beat comes a second after the last was written, however long that took.
      await expect.poll(async () => (await rig.clock.advance(1_000), aliveForMs())).toBeGreaterThan(0);
      expect(await rig.step(id, 2)).toMatchObject({ type: 'put-back' });
    }
    goOn(made([held('1')]));
    await running;
    expect(await rig.row(id)).toMatchObject({ state: 'succeeded', attempt: 1 });
    expect(painter.timesTaken(prompt)).toBe(1);
  });

  it('is waited for until the deadline, and then given up', async () => {
    const { id } = await submit({}, { deadlineAtMs: rig.clock.now() + 3_500 });
    const { running } = await hanging(id);
    await rig.clock.advance(4_000);
    await running;
    expect(await rig.row(id)).toMatchObject({ state: 'expired', error: { code: 'deadline_exceeded' } });
    expect(await rig.lines(id)).toEqual({ reserve: 4, settle: 4 });
    expect(rig.slots.held.size).toBe(0);
  });

  it('ends at once when it is cancelled', async () => {
    const { id } = await submit();
    const { running } = await hanging(id);
    await rig.generations.cancel(id, 'owner');
    await rig.step(id);
    expect(await state(id)).toBe('cancelled');
    await rig.clock.advance(1_000);
    await running;
    expect((await rig.log(id)).at(-1)).toMatch(/cancelled$/);
    expect(await rig.lines(id)).toEqual({ reserve: 4, settle: 4 });
    expect(rig.slots.held.size).toBe(0);
  });

  it('whose answer comes as it is cancelled leaves no files behind', async () => {
    const { id } = await submit();
    const { running, goOn } = await hanging(id);
    await rig.generations.cancel(id, 'owner');
    await rig.step(id);
    goOn(made([held('1')]));
    await running;
    expect(await state(id)).toBe('cancelled');
    expect(await rig.media.head(`generations/${id}/1-0.png`)).toBeUndefined();
    const halfway = await submit();
    const other = await hanging(halfway.id);
    await rig.generations.cancel(halfway.id, 'owner');
    await rig.step(halfway.id);
    other.goOn(made([held('1'), { role: 'result', url: 'http://vendor/2.png', needsCredential: false }]));
    await other.running;
    expect(await rig.media.head(`generations/${halfway.id}/1-0.png`)).toBeUndefined();
  });

  it('that a shutdown cuts off is failed as unknown, and one whose job went elsewhere is finished', async () => {
    const cut = await submit();
    const leaving = new AbortController();
    const first = await hanging(cut.id, { signal: leaving.signal });
    leaving.abort(new GatewayError('draining', 'The worker is shutting down.'));
    await first.running;
    expect(await rig.row(cut.id)).toMatchObject({ state: 'failed', error: { code: 'outcome_unknown' } });
    const moved = await submit();
    const taken = new AbortController();
    const second = await hanging(moved.id, { signal: taken.signal });
    taken.abort(new GatewayError('draining', 'Taken over.', { reason: TAKEN_OVER }));
    second.goOn(made([held('1')]));
    await second.running;
    expect(await state(moved.id)).toBe('succeeded');
  });
});

describe('what nobody can look up', () => {
  it('fails at once where the reply was lost, is paid in full, and is never made again', async () => {
    const { id, prompt } = await submit();
    painter.plan = plan(new GatewayError('upstream_interrupted', 'Reset.', { saw: 'unknown' }));
    await rig.step(id);
    await rig.step(id, 2);
    expect(await rig.row(id)).toMatchObject({ state: 'failed', error: { code: 'outcome_unknown' } });
    expect(await rig.lines(id)).toEqual({ reserve: 4, settle: 4 });
    expect(painter.timesTaken(prompt)).toBe(1);
    expect(rig.slots.held.size).toBe(0);
  });

  it('of a killed worker fails a minute after its last word', async () => {
    const { id, prompt } = await submit();
    // A process of its own, whose time stands still from then on.
    const lost = createFakeClock(rig.clock.now());
    await hanging(id, { clock: lost });
    await rig.clock.advance(DURABLE_TIMING.silenceMs - 1_000);
    expect(await rig.step(id, 2)).toMatchObject({ type: 'put-back' });
    expect(await state(id)).toBe('submitting');
    await rig.clock.advance(2_000);
    await rig.step(id, 2);
    expect(await rig.row(id)).toMatchObject({ state: 'submit_unknown', status: 'running' });
    await rig.clock.advance(DURABLE_TIMING.lookUpAfterMs - DURABLE_TIMING.silenceMs);
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({ state: 'failed', error: { code: 'outcome_unknown' } });
    expect(await rig.lines(id)).toEqual({ reserve: 4, settle: 4 });
    expect(painter.timesTaken(prompt)).toBe(1);
    // As the slots are freed by rows that end.
    expect(rig.slots.held.size).toBe(0);
  });

  it('of a worker that was only paused is kept', async () => {
    const { id, prompt } = await submit();
    const paused = createFakeClock(rig.clock.now());
    const { running, goOn } = await hanging(id, { clock: paused });
    await rig.clock.advance(DURABLE_TIMING.silenceMs + 1_000);
    await rig.step(id, 2);
    expect(await state(id)).toBe('submit_unknown');
    goOn(made([held('1')]));
    await running;
    const row = await rig.row(id);
    expect(row).toMatchObject({ state: 'succeeded', attempt: 1 });
    expect(row.error).toBeUndefined();
    expect(painter.timesTaken(prompt)).toBe(1);
  });
});

it('where it can be looked up it is found, and never made again for not being found', async () => {
  const found = new Map<string, { id: string }>();
  const job = {
    ...painter.job,
    find: async ({ request }: { request: { prompt: string } }) => found.get(request.prompt),
    poll: async () => [made([{ role: 'result', url: 'http://vendor/9.png', needsCredential: false }])] as never,
  };
  rig.deps.upstream = { ...rig.deps.upstream, jobs: { image: job } };
  const { id, prompt } = await submit();
  painter.plan = plan(new GatewayError('upstream_interrupted', 'Reset.', { saw: 'unknown' }));
  await rig.step(id);
  expect(await state(id)).toBe('submit_unknown');
  for (let looks = 0; looks < 4; looks += 1) {
    await rig.clock.advance(120_000);
    await rig.step(id);
  }
  expect(await state(id)).toBe('submit_unknown');
  found.set(prompt, { id: `found ${id}` });
  await rig.clock.advance(900_000);
  await rig.step(id);
  expect(await state(id)).toBe('submitted');
  await rig.poll();
  await rig.step(id);
  expect(await state(id)).toBe('succeeded');
  expect(painter.timesTaken(prompt)).toBe(1);
});

it('the ledger balances, whatever became of them', async () => {
  expect(await rig.ledger.imbalances(10 * 86_400_000)).toEqual([]);
});
