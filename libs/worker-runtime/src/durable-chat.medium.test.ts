import type { ChatPart } from '@sluice/contracts/chat-part';
import type { DurableSubmission } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDurableRig, type DurableRig } from './__fixtures__/durable-rig.js';
import { DURABLE_TIMING } from './durable-deps.js';

let rig: DurableRig;
let script: (run: number) => AsyncIterable<ChatPart>;
let runs = 0;

beforeAll(async () => {
  rig = await createDurableRig();
  rig.deps.upstream = { ...rig.deps.upstream, chat: () => script(runs++) };
});

afterAll(() => rig.close());

const chat: Partial<DurableSubmission> = {
  input: { kind: 'chat', request: { model: 'chat', messages: [] } },
  reservation: { unit: 'token', amount: 100 },
};
const text = (value: string): ChatPart => ({ type: 'text-delta', choice: 0, text: value });
const usage: ChatPart = { type: 'usage', usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7 } };
const finish: ChatPart = { type: 'finish', choice: 0, reason: 'stop' };

it('a conversation runs where nobody waits, and its parts stay to be followed', async () => {
  script = async function* () {
    yield text('a');
    yield text('b');
    yield finish;
    yield usage;
  };
  const { id } = await rig.submit(chat);
  await rig.step(id);
  expect(await rig.row(id)).toMatchObject({ state: 'succeeded', kind: 'chat', facts: { usage: { totalTokens: 7 } } });
  expect(await rig.log(id)).toEqual([
    '1 attempt',
    '2 text-delta',
    '3 text-delta',
    '4 finish',
    '5 usage',
    '6 succeeded',
  ]);
  expect(await rig.lines(id)).toEqual({ reserve: 100, settle: 7, refund: 93 });
});

it('of a worker that was killed in the middle it is made again from the start, and the log says where', async () => {
  const { id } = await rig.submit(chat);
  const said = new Promise<void>((resolve) => {
    script = async function* () {
      yield text('half');
      resolve();
      await new Promise(() => {});
    };
  });
  // A process of its own, whose time stands still from then on.
  const lost = createFakeClock(rig.clock.now());
  void rig.newWorker({ clock: lost }).run({ generationId: id }, { attempt: 1, signal: new AbortController().signal });
  await said;
  await lost.advance(150);
  await expect.poll(() => rig.log(id)).toEqual(['1 attempt', '2 text-delta']);
  script = async function* () {
    yield text('whole');
    yield finish;
  };
  await rig.step(id, 2);
  expect(await rig.log(id)).toHaveLength(2);
  await rig.clock.advance(DURABLE_TIMING.silenceMs + 1_000);
  await rig.step(id);
  expect(await rig.log(id)).toEqual([
    '1 attempt',
    '2 text-delta',
    '3 attempt',
    '4 text-delta',
    '5 finish',
    '6 succeeded',
  ]);
  expect(await rig.row(id)).toMatchObject({ state: 'succeeded', attempt: 2 });
});

it('a failure before any output is tried again, one after it ends it', async () => {
  const { id } = await rig.submit(chat);
  const first = runs;
  script = async function* (run) {
    if (run === first) throw new GatewayError('upstream_rate_limited', 'Slow down.');
    yield text('half');
    throw new GatewayError('upstream_interrupted', 'Broke off.');
  };
  await rig.step(id);
  expect(await rig.row(id)).toMatchObject({ state: 'failed', attempt: 2, error: { code: 'upstream_interrupted' } });
  expect((await rig.log(id)).at(-1)).toBe('4 failed');
});

it.each([
  ['upstream_error', 'again'],
  ['upstream_forbidden', 'elsewhere'],
] as const)('%s is tried as often as the operator says, more often and less than usual', async (code, limit) => {
  script = async function* () {
    yield* [];
    throw new GatewayError(code, 'No.', { saw: 'refused' });
  };
  for (const most of [1, 12]) {
    rig.deps.attempts = () => ({ elsewhere: 2, again: 2, [limit]: most });
    const { id } = await rig.submit(chat);
    for (let step = 0; step < most && (await rig.row(id)).state !== 'failed'; step += 1) {
      await rig.step(id);
      await rig.clock.advance(DURABLE_TIMING.silenceMs * 10);
    }
    expect(await rig.row(id)).toMatchObject({ state: 'failed', attempt: most, error: { code } });
  }
  delete rig.deps.attempts;
});

it('cancelled while it runs, it ends with the next write', async () => {
  const { id } = await rig.submit(chat);
  let goOn = () => {};
  const said = new Promise<void>((resolve) => {
    script = async function* () {
      yield text('half');
      resolve();
      await new Promise<void>((open) => (goOn = open));
      yield text('never told');
    };
  });
  const running = rig.step(id);
  await said;
  await rig.generations.cancel(id, 'owner');
  await rig.step(id);
  goOn();
  await running;
  expect((await rig.row(id)).state).toBe('cancelled');
  expect((await rig.log(id)).at(-1)).toMatch(/cancelled$/);
});
