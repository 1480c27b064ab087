import type { ChatPart } from '@sluice/contracts/chat-part';
import type { Lease } from '@sluice/contracts/credential';
import type { DurableSubmission } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDurableRig, type DurableRig } from './__fixtures__/durable-rig.js';
import { FaultySteps } from './__fixtures__/faulty-steps.js';
import { DURABLE_TIMING, type DurableDeps } from './durable-deps.js';
import { PollRunner } from './poll-runner.js';

let rig: DurableRig;
let conversations = 0;

beforeAll(async () => {
  rig = await createDurableRig();
  const converse = async function* (): AsyncIterable<ChatPart> {
    conversations += 1;
    yield { type: 'text-delta', choice: 0, text: 'a' };
  };
  rig.deps.upstream = { ...rig.deps.upstream, chat: converse };
});

afterAll(() => rig.close());

beforeEach(() => {
  rig.vendor.plan.length = 0;
  rig.vendor.onTaken = () => {};
  rig.vendor.onStart = () => {};
  rig.slots.isFull = false;
  rig.slots.held.clear();
});

const chat: Partial<DurableSubmission> = { input: { kind: 'chat', request: { model: 'chat', messages: [] } } };
const signal = new AbortController().signal;

const run = (id: string, changes: Partial<DurableDeps<unknown>> = {}) =>
  rig.newWorker(changes).run({ generationId: id }, { attempt: 1, signal });

/** A lease that is over after so long, by the worker's own clock. */
const leaseFor = (leftMs: number): Pick<DurableDeps<unknown>, 'source'> => {
  const { slots, clock } = rig;
  return {
    source: {
      lease: async (request) => {
        const answer = await slots.lease(request);
        if (answer.type !== 'leased') return answer;
        const lease: Lease = { ...answer.lease, expiresAtMs: clock.now() + leftMs };
        return { type: 'leased', lease };
      },
      release: (lease, outcome) => slots.release(lease, outcome),
      open: (credentialId) => slots.open(credentialId),
      detach: (lease) => slots.detach(lease),
    },
  };
};

describe('the next look', () => {
  type Poll = DurableRig['vendor']['job']['poll'];
  const lookAgainInMs = async (poll: Poll) => {
    const { deps, vendor, clock, steps } = rig;
    const upstream = { ...deps.upstream, jobs: { video: { ...vendor.job, poll } } };
    await clock.advance(60_000);
    await new PollRunner({ ...deps, upstream }).run({ credentialId: 'cred' }, { signal });
    return ((await steps.nextPollMs('cred')) ?? 0) - clock.now();
  };

  it('at what the adapter said nothing of comes at its own pace', async () => {
    const { id } = await rig.submit();
    await rig.step(id);
    expect(await lookAgainInMs(async () => [])).toBeGreaterThanOrEqual(DURABLE_TIMING.firstPollMs);
  });

  it('comes no sooner than a look may, whatever the upstream wishes', async () => {
    const poll: Poll = async (operations) =>
      operations.map((operation) => ({ type: 'running', operation, pollAfterMs: 0 }));
    expect(await lookAgainInMs(poll)).toBe(DURABLE_TIMING.shortestTickMs);
  });
});

describe('a late worker', () => {
  it('stops nothing that another generation has found for itself meanwhile', async () => {
    const input = { kind: 'video', request: { model: 'video', prompt: 'the same words' } } as const;
    const [first, second] = [await rig.submit({ input }), await rig.submit({ input })];
    rig.vendor.plan.push('never arrived');
    await rig.step(second.id);
    const { late, open } = await paused(first.id);
    await rig.step(second.id);
    await rig.clock.advance(60_000);
    await rig.step(second.id);
    const found = (await rig.steps.find(second.id))?.operation;
    expect(found).toBeDefined();
    // The first finds nothing that is its own, and is submitted again.
    for (const waitMs of [0, 60_000, 10_000, 0]) {
      await rig.clock.advance(waitMs);
      await rig.step(first.id, 2);
    }
    expect(await rig.row(first.id)).toMatchObject({ state: 'submitted', attempt: 2 });
    const before = rig.vendor.cancels;
    open();
    await late;
    expect(rig.vendor.cancels).toBe(before);
    expect(rig.vendor.made.find(({ id }) => id === found?.['id'])?.status).toBe('running');
  });

  it('stops what nobody has', async () => {
    const { id } = await rig.submit();
    const { late, open } = await paused(id);
    await rig.generations.cancel(id, 'owner');
    await rig.clock.advance(60_000);
    await rig.step(id);
    expect((await rig.row(id)).state).toBe('cancelled');
    const before = rig.vendor.cancels;
    open();
    await late;
    expect(rig.vendor.cancels).toBe(before + 1);
  });

  /** A worker whose submission was taken, and which has not heard it yet. */
  async function paused(id: string) {
    let open = () => {};
    let late: Promise<unknown> = Promise.resolve();
    await new Promise<void>((resolve) => {
      rig.vendor.onTaken = () => {
        resolve();
        return new Promise<void>((goOn) => (open = goOn));
      };
      late = rig.step(id);
    });
    rig.vendor.onTaken = () => {};
    return { late, open: () => open() };
  }
});

describe('a lease', () => {
  const kinds = [
    ['video', {}],
    ['conversation', chat],
  ] as const;

  it.each(kinds)('that was over before the intent writes none: %s', async (_kind, changes) => {
    const { id } = await rig.submit(changes);
    expect(await run(id, leaseFor(0))).toMatchObject({ type: 'put-back' });
    expect(await rig.row(id)).toMatchObject({ state: 'queued', attempt: 0 });
    expect(rig.slots.held.size).toBe(0);
  });

  it.each(kinds)('that ended during the intent sends nothing: %s', async (_kind, changes) => {
    const { id, prompt } = await rig.submit(changes);
    const steps = new FaultySteps(rig);
    steps.intends.push(() => rig.clock.advance(20_000));
    expect(await run(id, { steps })).toMatchObject({ type: 'put-back' });
    expect(await rig.row(id)).toMatchObject({ state: 'queued', attempt: 1 });
    expect(rig.vendor.submissionsOf(prompt)).toBe(0);
    expect(conversations).toBe(0);
    expect(rig.slots.held.size).toBe(0);
  });
});

describe('credentials that rest', () => {
  const MOST = 10;

  it('are not all asked in one go, and fail no video', async () => {
    const { id } = await rig.submit();
    rig.vendor.plan.push(...Array.from({ length: MOST + 2 }, () => 'refused' as const));
    expect(await rig.step(id)).toMatchObject({ type: 'put-back' });
    expect(await rig.row(id)).toMatchObject({ state: 'queued', attempt: MOST });
    await rig.clock.advance(60_000);
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({ state: 'submitted', attempt: MOST + 3 });
  });

  it('for one model only fail no conversation either', async () => {
    let runs = 0;
    const script = async function* (): AsyncIterable<ChatPart> {
      runs += 1;
      if (runs <= MOST + 2) throw new GatewayError('upstream_quota_exhausted', 'Later.', { scope: 'model' });
      yield { type: 'text-delta', choice: 0, text: 'a' };
    };
    const { id } = await rig.submit(chat);
    const upstream = { ...rig.deps.upstream, chat: script };
    expect(await run(id, { upstream })).toMatchObject({ type: 'put-back' });
    expect(await rig.row(id)).toMatchObject({ state: 'queued', attempt: MOST });
    await rig.clock.advance(60_000);
    await run(id, { upstream });
    expect((await rig.row(id)).state).toBe('succeeded');
  });
});
