import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RETRY_DELAYS_MS } from './retry-schedule.js';
import { HOUR_MS, idsOf, isSignedWith, OWNER, OPERATOR, WebhookRig } from './webhook-rig.fixture.js';

let rig: WebhookRig;

beforeAll(async () => {
  rig = await WebhookRig.open();
});
afterAll(() => rig.close());
beforeEach(() => rig.reset());

describe('an event', () => {
  it('goes to every endpoint of its owner that listens for it, with one id', async () => {
    const all = await rig.listen();
    await rig.listen({ events: ['video.*'] });
    await rig.listen({ events: ['response.completed'] });
    await rig.listen({ enabled: false });
    await rig.listen({ key_id: 'another' });
    await rig.listen({ key_id: null });
    const id = await rig.published();
    expect(await rig.deliver()).toBe(3);
    expect(idsOf(rig.receiver.received)).toEqual([id, id, id]);
    const mine = rig.receiver.received.filter((one) => isSignedWith(all.secret, one));
    expect(mine).toHaveLength(1);
    expect(JSON.parse(mine[0]?.body ?? '')).toMatchObject({ id, object: 'event', type: 'video.completed' });
    expect(await rig.deliver()).toBe(0);
  });

  it('is not written where nobody listens, nor twice for one end', async () => {
    expect(await rig.publish()).toBeUndefined();
    await rig.listen();
    expect(await rig.publish('video.failed', 'video_same')).toMatch(/^evt_[0-9a-f]{32}$/);
    expect(await rig.publish('video.failed', 'video_same')).toBeUndefined();
  });

  it('comes with both signatures while a secret is rotated, and then with one', async () => {
    const { id, secret } = await rig.listen();
    const rotated = await rig.endpoints.rotate(OPERATOR, id, { overlap_seconds: 60 });
    expect(rotated.secret).not.toBe(secret);
    await rig.published();
    await rig.deliver();
    const [first] = rig.receiver.received;
    if (!first) throw new Error('nothing came');
    expect([isSignedWith(secret, first), isSignedWith(rotated.secret, first)]).toEqual([true, true]);
    await rig.clock.advance(61_000);
    await rig.published();
    await rig.deliver();
    const last = rig.receiver.received[1];
    expect(last?.headers['webhook-signature']).not.toContain(' ');
  });
});

describe('an attempt that fails', () => {
  it('is repeated with the same id for days, and every one is in the history', async () => {
    const { id } = await rig.listen();
    rig.receiver.answerWith((_request, response) => response.writeHead(500).end('not today'));
    const eventId = await rig.published();
    await rig.deliver();
    for (const delayMs of RETRY_DELAYS_MS) {
      expect(await rig.history.get(OWNER, id, eventId)).toMatchObject({ status: 'pending' });
      await rig.clock.advance(delayMs - 1);
      expect(await rig.deliver()).toBe(0);
      await rig.clock.advance(1);
      expect(await rig.deliver()).toBe(1);
    }
    expect(new Set(idsOf(rig.receiver.received))).toEqual(new Set([eventId]));
    const told = await rig.history.get(OWNER, id, eventId);
    expect(told).toMatchObject({ status: 'failed', attempts: 10, next_attempt_at: null, last_status: 500 });
    expect(told.history).toHaveLength(10);
    expect(told.history[0]).toMatchObject({
      attempt: 1,
      status: 500,
      response: 'not today',
      error: expect.any(String),
    });
    await rig.clock.advance(100 * HOUR_MS);
    expect(await rig.deliver()).toBe(0);
  });

  it('that says when to come again is heard', async () => {
    await rig.listen();
    rig.receiver.answerWith((_request, response) => response.writeHead(429, { 'retry-after': '120' }).end());
    await rig.published();
    await rig.deliver();
    await rig.clock.advance(119_000);
    expect(await rig.deliver()).toBe(0);
    await rig.clock.advance(1_000);
    expect(await rig.deliver()).toBe(1);
  });

  it('of a receiver that hangs ends after 20 s', async () => {
    const { id } = await rig.listen();
    rig.receiver.answerWith(() => {});
    const eventId = await rig.published();
    const arrival = rig.receiver.next();
    const deliverer = rig.createDeliverer();
    await deliverer.takeDue();
    await arrival;
    await rig.clock.advance(20_000);
    await deliverer.settled();
    const told = await rig.history.get(OWNER, id, eventId);
    expect(told.history[0]).toMatchObject({
      status: null,
      duration_ms: 20_000,
      error: expect.stringContaining('20 s'),
    });
  });

  it('at a redirect does not go where that leads', async () => {
    const { id } = await rig.listen();
    rig.receiver.answerWith((_request, response) => response.writeHead(302, { location: rig.receiver.url }).end());
    const eventId = await rig.published();
    await rig.deliver();
    expect(rig.receiver.received).toHaveLength(1);
    expect(await rig.history.get(OWNER, id, eventId)).toMatchObject({ status: 'pending', last_status: 302 });
  });

  it('keeps the first kilobyte of what the receiver says, whatever it is', async () => {
    const { id } = await rig.listen();
    rig.receiver.answerWith((_request, response) => response.end(`a\0b${'x'.repeat(5_000_000)}`));
    const eventId = await rig.published();
    await rig.deliver();
    const [attempt] = (await rig.history.get(OWNER, id, eventId)).history;
    expect(attempt).toMatchObject({ status: 200, error: null });
    expect(attempt?.response).toHaveLength(1_024);
    expect(attempt?.response).toMatch(/^a\uFFFDbx/);
  });
});

describe('several deliverers', () => {
  it('share what is due, each event once', async () => {
    const sinks = await Promise.all(Array.from({ length: 5 }, () => rig.listen()));
    expect(sinks).toHaveLength(5);
    const sent = await Promise.all(Array.from({ length: 8 }, () => rig.published()));
    const others = [rig.createDeliverer(), rig.createDeliverer(), rig.createDeliverer()];
    while ((await Promise.all(others.map((one) => rig.deliver(one)))).some((taken) => taken > 0));
    expect(rig.receiver.received).toHaveLength(5 * 8);
    for (const id of sent) expect(idsOf(rig.receiver.received).filter((one) => one === id)).toHaveLength(5);
  });

  it('replace one that was lost, with the same id', async () => {
    await rig.listen();
    const lost = rig.createDeliverer();
    rig.receiver.answerWith(() => {});
    const eventId = await rig.published();
    const arrival = rig.receiver.next();
    await lost.takeDue();
    await arrival;
    expect(await rig.deliver()).toBe(0);
    rig.receiver.answerWith((_request, response) => response.end());
    // The lost one's timers stand still with it.
    const { now } = rig.clock;
    rig.clock.now = () => now() + 40_000;
    expect(await rig.deliver()).toBe(1);
    expect(idsOf(rig.receiver.received)).toEqual([eventId, eventId]);
  });

  it('are not all held up by one endpoint that is slow', async () => {
    const slow = await rig.listen();
    rig.receiver.answerWith(() => {});
    for (let count = 0; count < 6; count += 1) await rig.published();
    const limited = rig.createDeliverer({ atOnce: 6, atOncePerEndpoint: 4 });
    expect(await limited.takeDue()).toBe(4);
    expect(await limited.takeDue()).toBe(0);
    await rig.endpoints.update(OPERATOR, slow.id, { events: ['batch.*'] });
    await rig.listen();
    await rig.published();
    expect(await limited.takeDue()).toBe(1);
  });

  it('give back what has not ended when they stop', async () => {
    await rig.listen();
    rig.receiver.answerWith(() => {});
    const eventId = await rig.published();
    const arrival = rig.receiver.next();
    const deliverer = rig.createDeliverer();
    deliverer.start();
    await arrival;
    const stopped = deliverer.stop();
    await rig.clock.advance(0);
    await rig.clock.advance(1_000);
    await stopped;
    rig.receiver.answerWith((_request, response) => response.end());
    expect(await rig.deliver(rig.createDeliverer())).toBe(1);
    expect(idsOf(rig.receiver.received)).toEqual([eventId, eventId]);
  });
});
