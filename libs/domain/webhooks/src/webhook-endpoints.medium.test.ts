import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS, idsOf, OWNER, WebhookRig } from './webhook-rig.fixture.js';
import type { WebhookScope } from './webhook-scope.js';

let rig: WebhookRig;

beforeAll(async () => {
  rig = await WebhookRig.open();
});
afterAll(() => rig.close());
beforeEach(() => rig.reset());

describe('an endpoint', () => {
  it('that says it is gone is switched off, and what waits is sent when it is back', async () => {
    const { id } = await rig.listen();
    rig.receiver.answerWith((_request, response) => response.writeHead(500).end());
    const waiting = await rig.published();
    await rig.deliver();
    rig.receiver.answerWith((_request, response) => response.writeHead(410).end());
    const refused = await rig.published();
    await rig.deliver();
    expect(await rig.endpoints.get(OWNER, id)).toMatchObject({ enabled: false, disabled_reason: 'gone' });
    expect(await rig.history.get(OWNER, id, refused)).toMatchObject({ status: 'failed', last_status: 410 });
    expect(await rig.publish()).toBeUndefined();
    await rig.clock.advance(HOUR_MS);
    expect(await rig.deliver()).toBe(0);
    await expect(rig.history.redeliver(OWNER, id, refused)).rejects.toMatchObject({ code: 'invalid_request' });
    rig.receiver.reset();
    await rig.endpoints.update(OWNER, id, { enabled: true });
    await rig.deliver();
    expect(idsOf(rig.receiver.received)).toEqual([waiting]);
  });

  it('that nothing reaches for days is switched off; one success begins the count anew', async () => {
    const { id } = await rig.listen();
    const fail = async () => {
      rig.receiver.answerWith((_request, response) => response.writeHead(500).end());
      await rig.published();
      await rig.deliver();
    };
    await fail();
    const { failing_since: failingSince } = await rig.endpoints.get(OWNER, id);
    expect(failingSince).toBe(Math.floor(rig.clock.now() / 1_000));
    rig.receiver.reset();
    await rig.published();
    await rig.deliver();
    expect(await rig.endpoints.get(OWNER, id)).toMatchObject({ failing_since: null });
    await fail();
    await rig.clock.advance(119 * HOUR_MS);
    await fail();
    expect(await rig.endpoints.get(OWNER, id)).toMatchObject({ enabled: true });
    await rig.clock.advance(2 * HOUR_MS);
    await fail();
    expect(await rig.endpoints.get(OWNER, id)).toMatchObject({ enabled: false, disabled_reason: 'failing' });
  });

  it('is sent the same event again when its owner asks', async () => {
    const { id } = await rig.listen();
    const eventId = await rig.published();
    await rig.deliver();
    expect(await rig.history.redeliver(OWNER, id, eventId)).toMatchObject({ status: 'pending', attempts: 1 });
    await rig.deliver();
    expect(idsOf(rig.receiver.received)).toEqual([eventId, eventId]);
    expect((await rig.history.get(OWNER, id, eventId)).history).toHaveLength(2);
  });

  it('can be tried out', async () => {
    const { id } = await rig.listen({ events: ['batch.*'] });
    const { event_id: eventId } = await rig.history.test(OWNER, id);
    await rig.deliver();
    expect(JSON.parse(rig.receiver.received[0]?.body ?? '')).toMatchObject({ id: eventId, type: 'webhook.test' });
  });

  it("is its owner's: nobody else finds it, and it goes with the key", async () => {
    const { id } = await rig.listen();
    const eventId = await rig.published();
    const stranger: WebhookScope = { type: 'owner', keyId: 'stranger' };
    const tries = [
      () => rig.endpoints.get(stranger, id),
      () => rig.endpoints.update(stranger, id, { enabled: false }),
      () => rig.endpoints.delete(stranger, id),
      () => rig.endpoints.reveal(stranger, id),
      () => rig.endpoints.rotate(stranger, id, {}),
      () => rig.history.list(stranger, id, {}),
      () => rig.history.get(stranger, id, eventId),
      () => rig.history.redeliver(stranger, id, eventId),
      () => rig.history.test(stranger, id),
    ];
    for (const attempt of tries) await expect(attempt()).rejects.toMatchObject({ code: 'not_found' });
    expect((await rig.endpoints.list(stranger, {})).data).toEqual([]);
    await rig.postgres.query({
      text: `INSERT INTO api_key (id, name, hash, last_four) VALUES ('owner', 'o', 'h', 'four')`,
    });
    await rig.postgres.query({ text: `DELETE FROM api_key WHERE id = 'owner'` });
    await expect(rig.endpoints.get(OWNER, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await rig.deliver()).toBe(0);
  });

  it('in a private network is refused, early and late', async () => {
    await expect(rig.endpoints.create(OWNER, { url: rig.receiver.url })).rejects.toMatchObject({
      data: { param: 'url' },
    });
    await expect(
      rig.endpoints.create(OWNER, { url: 'https://e.com', allow_private_network: true }),
    ).rejects.toMatchObject({
      data: { param: 'allow_private_network' },
    });
    const { port } = new URL(rig.receiver.url);
    const { id } = await rig.endpoints.create(OWNER, { url: `http://localhost:${port}/` });
    const eventId = await rig.published();
    await rig.deliver();
    expect(rig.receiver.received).toEqual([]);
    expect(await rig.history.get(OWNER, id, eventId)).toMatchObject({
      status: 'pending',
      last_error: expect.stringContaining('not an address of the public Internet'),
    });
  });

  it('that an operator let into a private network is let nowhere else by its owner', async () => {
    const { id } = await rig.listen();
    const elsewhere = rig.receiver.url.replace('/hook', '/admin');
    await expect(rig.endpoints.update(OWNER, id, { url: elsewhere })).rejects.toMatchObject({ data: { param: 'url' } });
    await rig.endpoints.update(OWNER, id, { url: elsewhere.replace('127.0.0.1', 'localhost') });
    expect(await rig.endpoints.get(OWNER, id)).toMatchObject({ allow_private_network: false });
  });

  it('is one of at most twenty', async () => {
    for (let count = 0; count < 20; count += 1)
      await rig.endpoints.create(OWNER, { url: `https://example.com/${count}` });
    await expect(rig.endpoints.create(OWNER, { url: 'https://example.com/' })).rejects.toMatchObject({
      code: 'invalid_request',
    });
    const first = await rig.endpoints.list(OWNER, { limit: '15' });
    const rest = await rig.endpoints.list(OWNER, { limit: '15', after: first.last_id });
    expect([first.data.length, first.has_more, rest.data.length, rest.has_more]).toEqual([15, true, 5, false]);
  });
});

describe('the history', () => {
  it('is read page by page, and forgotten when it is old', async () => {
    const { id } = await rig.listen();
    const sent: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      sent.unshift(await rig.published());
      await rig.clock.advance(1_000);
    }
    await rig.deliver();
    const first = await rig.history.list(OWNER, id, { limit: '2' });
    const rest = await rig.history.list(OWNER, id, { limit: '2', after: first.last_id, status: 'delivered' });
    expect([...first.data, ...rest.data].map((one) => one.event_id)).toEqual(sent);
    expect([first.has_more, rest.has_more]).toEqual([true, false]);
    await rig.clock.advance(24 * HOUR_MS - 2_000);
    expect(await rig.history.purge(24 * HOUR_MS)).toBe(1);
    expect((await rig.history.list(OWNER, id, {})).data).toHaveLength(2);
    const { rows } = await rig.postgres.query({ text: 'SELECT FROM webhook_attempt' });
    expect(rows).toHaveLength(2);
  });
});
