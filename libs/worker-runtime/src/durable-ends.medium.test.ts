import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDurableRig, type DurableRig } from './__fixtures__/durable-rig.js';

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

describe('cancel', () => {
  it('of a queued one ends it at once, for nothing', async () => {
    const { id, prompt } = await rig.submit();
    expect(await rig.generations.cancel(id, 'owner')).toMatchObject({ state: 'cancelled', status: 'cancelled' });
    await rig.step(id);
    expect(rig.vendor.submissionsOf(prompt)).toBe(0);
    expect(await rig.lines(id)).toEqual({ reserve: 8, refund: 8 });
    expect(await rig.log(id)).toEqual(['1 cancelled']);
  });

  it('of a submitted one reaches the upstream, and says so', async () => {
    const { id } = await rig.submit();
    await rig.step(id);
    const before = rig.vendor.cancels;
    expect(await rig.generations.cancel(id, 'owner')).toMatchObject({ state: 'submitted', isCancelling: true });
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({
      state: 'cancelled',
      error: { message: 'Cancelled here and at the upstream.' },
    });
    expect(rig.vendor.cancels).toBe(before + 1);
    expect(await rig.lines(id)).toEqual({ reserve: 8, settle: 8 });
  });

  it('of one whose outcome is unknown, and of one that is being collected, ends both', async () => {
    const unknown = await rig.submit();
    rig.vendor.plan.push('lost reply');
    await rig.step(unknown.id);
    await rig.generations.cancel(unknown.id, 'owner');
    await rig.step(unknown.id);
    expect((await rig.row(unknown.id)).state).toBe('cancelled');
    const collecting = await rig.submit();
    await rig.step(collecting.id);
    rig.vendor.finish();
    await rig.clock.advance(2_000);
    await rig.poll();
    await rig.generations.cancel(collecting.id, 'owner');
    await rig.step(collecting.id);
    expect((await rig.row(collecting.id)).state).toBe('cancelled');
  });

  it('while it is being submitted waits for the operation, and stops it', async () => {
    const { id } = await rig.submit();
    rig.vendor.onTaken = async () => void (await rig.generations.cancel(id, 'owner'));
    await rig.step(id);
    expect(await rig.row(id)).toMatchObject({ state: 'submitted', isCancelling: true });
    await rig.step(id);
    expect((await rig.row(id)).state).toBe('cancelled');
  });

  it("is nobody else's to make, and changes nothing that has ended", async () => {
    const { id } = await rig.submit();
    expect(await rig.generations.cancel(id, 'another')).toBeUndefined();
    await rig.step(id);
    await finish(id);
    expect(await rig.generations.cancel(id, 'owner')).toMatchObject({ state: 'succeeded' });
  });
});

describe('time', () => {
  it('ends what only waited, for nothing', async () => {
    const { id } = await rig.submit({ deadlineAtMs: rig.clock.now() + 1_000 });
    await rig.clock.advance(2_000);
    await rig.sweeper.expire();
    expect(await rig.row(id)).toMatchObject({
      state: 'expired',
      status: 'failed',
      error: { code: 'deadline_exceeded' },
    });
    expect(await rig.lines(id)).toEqual({ reserve: 8, refund: 8 });
  });

  it('gives what runs a last look: a success that comes then is kept', async () => {
    const { id } = await rig.submit({ deadlineAtMs: rig.clock.now() + 1_000 });
    await rig.step(id);
    await rig.clock.advance(5_000);
    await rig.sweeper.expire();
    await finish(id);
    expect((await rig.row(id)).state).toBe('succeeded');
  });
});

it('the ledger balances, whatever became of them', async () => {
  expect(await rig.ledger.imbalances(10 * 86_400_000)).toEqual([]);
});
