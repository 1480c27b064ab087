import type { ChatPart } from '@sluice/contracts/chat-part';
import type { DurableSubmission } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDurableRig, type DurableRig } from './__fixtures__/durable-rig.js';
import { FaultySteps } from './__fixtures__/faulty-steps.js';

let rig: DurableRig;
let steps: FaultySteps;
let script: () => AsyncIterable<ChatPart>;

beforeAll(async () => {
  rig = await createDurableRig();
  rig.deps.upstream = { ...rig.deps.upstream, chat: () => script() };
});

afterAll(() => rig.close());

beforeEach(() => {
  steps = new FaultySteps(rig);
  rig.slots.held.clear();
  rig.errors.length = 0;
});

const chat: Partial<DurableSubmission> = {
  input: { kind: 'chat', request: { model: 'chat', messages: [] } },
  reservation: { unit: 'token', amount: 100 },
};
const text = (value: string): ChatPart => ({ type: 'text-delta', choice: 0, text: value });

const run = (id: string) =>
  rig.newWorker({ steps }).run({ generationId: id }, { attempt: 1, signal: new AbortController().signal });

/** Time goes on until the row is there: what insists pauses between two tries. */
async function becomes(id: string, state: string) {
  const look = async () => {
    await rig.clock.advance(200);
    return (await rig.row(id)).state;
  };
  await expect.poll(look).toBe(state);
}

/** Something that is waited for, and what lets it go on. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

describe('a submission', () => {
  it('whose database is away right before the call is made again, and never in doubt', async () => {
    const { id, prompt } = await rig.submit();
    steps.looks.push('away');
    expect(await run(id)).toMatchObject({ type: 'put-back' });
    expect(await rig.row(id)).toMatchObject({ state: 'queued', attempt: 1 });
    expect(rig.vendor.submissionsOf(prompt)).toBe(0);
    await rig.clock.advance(5_000);
    await run(id);
    expect(await rig.row(id)).toMatchObject({ state: 'submitted', attempt: 2 });
    expect(rig.vendor.submissionsOf(prompt)).toBe(1);
  });

  it.each(['lost reply', 'away'] as const)('whose intent meets: %s, goes on with it', async (fate) => {
    const { id, prompt } = await rig.submit();
    steps.intends.push(fate);
    const running = run(id);
    await becomes(id, 'submitted');
    await running;
    expect((await rig.row(id)).attempt).toBe(1);
    expect(rig.vendor.submissionsOf(prompt)).toBe(1);
  });
});

describe('a conversation', () => {
  it.each(['away', 'lost reply'] as const)('keeps its answer when its last write meets: %s', async (fate) => {
    script = async function* () {
      yield text('a');
      yield { type: 'finish', choice: 0, reason: 'stop' };
    };
    const { id } = await rig.submit(chat);
    steps.writes.push(fate);
    const running = run(id);
    await becomes(id, 'succeeded');
    await rig.clock.advance(200);
    await running;
    expect(await rig.log(id)).toEqual(['1 attempt', '2 text-delta', '3 finish', '4 succeeded']);
    expect(rig.slots.held.size).toBe(0);
    expect(rig.slots.outcomes.at(-1)).toMatchObject({ type: 'succeeded' });
  });

  it('tells its failure even so, and gives its credential back', async () => {
    script = async function* () {
      yield text('half');
      throw new GatewayError('upstream_interrupted', 'Broke off.');
    };
    const { id } = await rig.submit(chat);
    steps.writes.push('away');
    const running = run(id);
    await becomes(id, 'failed');
    await running;
    expect(await rig.log(id)).toEqual(['1 attempt', '2 text-delta', '3 failed']);
    expect(rig.slots.held.size).toBe(0);
  });

  it('gives its credential back where its intent cannot be written', async () => {
    const { id } = await rig.submit(chat);
    steps.intends.push(...Array.from({ length: 100 }, () => 'away' as const));
    let isDone = false;
    const running = run(id).finally(() => (isDone = true));
    const look = async () => {
      await rig.clock.advance(1_000);
      return isDone;
    };
    await expect.poll(look).toBe(true);
    expect(await running).toMatchObject({ type: 'put-back' });
    expect(rig.slots.held.size).toBe(0);
  });

  it('is written once where a commit got through and its answer did not', async () => {
    const { opened, open } = gate();
    script = async function* () {
      yield text('a');
      await opened;
      yield text('b');
    };
    const { id } = await rig.submit(chat);
    steps.writes.push('lost reply');
    const running = run(id);
    await expect.poll(() => rig.row(id)).toMatchObject({ state: 'submitting' });
    await rig.clock.advance(100);
    await expect.poll(() => rig.errors.length).toBe(1);
    open();
    await running;
    expect(await rig.log(id)).toEqual(['1 attempt', '2 text-delta', '3 text-delta', '4 succeeded']);
    expect((await rig.row(id)).state).toBe('succeeded');
  });

  it('piles nothing up behind a write that hangs', async () => {
    const [more, end, write] = [gate(), gate(), gate()];
    script = async function* () {
      yield text('a');
      await more.opened;
      yield text('b');
      await end.opened;
    };
    const { id } = await rig.submit(chat);
    steps.writes.push(() => write.opened);
    const running = run(id);
    await expect.poll(() => rig.row(id)).toMatchObject({ state: 'submitting' });
    await rig.clock.advance(100);
    more.open();
    await rig.clock.advance(1_000);
    write.open();
    await expect.poll(() => rig.log(id)).toEqual(['1 attempt', '2 text-delta']);
    await rig.clock.advance(100);
    await expect.poll(() => rig.log(id)).toEqual(['1 attempt', '2 text-delta', '3 text-delta']);
    expect(steps.written).toBe(2);
    end.open();
    await running;
  });
});
