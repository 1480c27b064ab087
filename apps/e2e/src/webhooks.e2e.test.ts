import OpenAI from 'openai';
import OpenAICurrent from 'openai-current';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually } from './harness/eventually.js';
import { httpCall } from './harness/http-call.js';
import { sharedSluice } from './harness/shared-sluice.js';

const sluice = sharedSluice();
const { gateway, simulator = '' } = sluice.run;
const QUICK = '[[sim:queueMs=0,videoMs=100]]';

const endpointSchema = z.looseObject({ id: z.string(), secret: z.string().startsWith('whsec_') });
const inboxSchema = z.object({
  counts: z.record(z.string(), z.int()),
  deliveries: z.array(z.object({ headers: z.record(z.string(), z.string()), body: z.string() })),
});
const eventSchema = z.strictObject({
  id: z.string().startsWith('evt_'),
  object: z.literal('event'),
  created_at: z.int(),
  type: z.string(),
  data: z.strictObject({ id: z.string() }),
});

/** A caller of its own, so that nobody else's ends are told. */
async function createOwner(name: string) {
  const { id, key } = await sluice.admin.createKey(name);
  const headers = { authorization: `Bearer ${key}` };
  return {
    keyId: id,
    call: (path: string, method = 'GET', body?: unknown) =>
      httpCall({ url: gateway + path, method, headers, ...(body !== undefined && { body }) }),
    sdk: new OpenAI({ baseURL: `${gateway}/v1`, apiKey: key, maxRetries: 0 }),
  };
}

/** Only an operator may point into a private network, which the simulator is in. */
async function listenAt(url: string, keyId: string) {
  const body = { key_id: keyId, url, events: ['video.*'], allow_private_network: true };
  return endpointSchema.parse((await sluice.admin.call('POST', '/webhooks', body)).json());
}

async function readInbox(receiver: string): Promise<z.infer<typeof inboxSchema>> {
  return inboxSchema.parse((await httpCall({ url: `${simulator}/__control/webhooks?receiver=${receiver}` })).json());
}

const received = (receiver: string, count: number) =>
  eventually(
    `${count} deliveries`,
    async () => {
      const inbox = await readInbox(receiver);
      return inbox.deliveries.length >= count && inbox;
    },
    { withinMs: 20_000, everyMs: 50 },
  );

describe('the end of a video', () => {
  it('reaches every endpoint once with one id, and verifies with all three libraries', async () => {
    const { keyId, call, sdk } = await createOwner('webhooks');
    const mine = endpointSchema.parse(
      (await call('/v1/webhooks', 'POST', { url: 'https://example.com/', enabled: false })).json(),
    );
    const { id, secret } = await listenAt(`${simulator}/receivers/end-${keyId}?answers=200`, keyId);
    const { id: videoId } = await sdk.videos.create({ model: 'sim-video' as never, prompt: `told ${QUICK}` });
    const { deliveries } = await received(`end-${keyId}`, 1);
    const [{ headers, body } = { headers: {}, body: '' }] = deliveries;
    const event = eventSchema.parse(JSON.parse(body));
    expect(event).toMatchObject({ type: 'video.completed', data: { id: videoId } });
    expect(headers['webhook-id']).toBe(event.id);
    expect(new Webhook(secret).verify(body, headers)).toEqual(event);
    for (const client of [new OpenAI({ apiKey: 'none' }), new OpenAICurrent({ apiKey: 'none' })]) {
      expect(await client.webhooks.unwrap(body, headers, secret)).toEqual(event);
      await expect(client.webhooks.verifySignature(body, headers, mine.secret)).rejects.toThrow(/signature/i);
    }
    const history = (await call(`/v1/webhooks/${id}/deliveries/${event.id}`)).json();
    expect(history).toMatchObject({ status: 'delivered', attempts: 1, history: [{ status: 200 }] });
    expect((await call(`/v1/webhooks/${id}/deliveries/${event.id}/redeliver`, 'POST')).status).toBe(200);
    expect((await received(`end-${keyId}`, 2)).counts).toEqual({ [event.id]: 2 });
  });

  it('is told to the URL that its own request names', async () => {
    const { keyId, call, sdk } = await createOwner('webhooks by request');
    const { id, secret } = endpointSchema.parse((await call('/v1/webhooks/request/secret')).json());
    const url = `${simulator}/receivers/asked-${keyId}?answers=redirect`;
    const headers = { 'x-sluice-webhook': url };
    const create = () => sdk.videos.create({ model: 'sim-video' as never, prompt: `asked ${QUICK}` }, { headers });
    await expect(create()).rejects.toMatchObject({ status: 400, param: 'x-sluice-webhook' });
    await sluice.admin.call('PATCH', `/webhooks/${id}`, { allow_private_network: true });
    const video = await create();
    const { deliveries } = await received(`asked-${keyId}`, 1);
    const [{ headers: signed, body } = { headers: {}, body: '' }] = deliveries;
    expect(new Webhook(secret).verify(body, signed)).toMatchObject({ data: { id: video.id } });
    const told = await eventually('the redirect is in the history', async () => {
      const { data } = (await call('/v1/webhooks/request/deliveries')).json() as { data: { last_status: number }[] };
      return data[0]?.last_status === 302 && data;
    });
    expect(told).toMatchObject([{ status: 'pending', attempts: 1, url }]);
    expect(Object.values((await readInbox(`asked-${keyId}`)).counts)).toEqual([1]);
  });
});

it('a response made in the background is told, whole or cut short', async () => {
  const { keyId, sdk } = await createOwner('webhooks of responses');
  const url = `${simulator}/receivers/response-${keyId}`;
  await sluice.admin.call('POST', '/webhooks', { key_id: keyId, url, allow_private_network: true });
  const ask = (input: string, limit = 500) =>
    sdk.responses.create({ model: 'sim-chat', input, background: true, max_output_tokens: limit });
  const [whole, cut] = await Promise.all([ask('whole'), ask('cut', 2)]);
  const { deliveries } = await received(`response-${keyId}`, 2);
  const told = deliveries.map(({ body }) => eventSchema.parse(JSON.parse(body)));
  expect(new Map(told.map(({ type, data }) => [data.id, type]))).toEqual(
    new Map([
      [whole.id, 'response.completed'],
      [cut.id, 'response.incomplete'],
    ]),
  );
});

it('an endpoint in a private network is refused, and a stranger sees nothing', async () => {
  const { call } = await createOwner('webhooks of one');
  const { call: strange } = await createOwner('webhooks of another');
  const refused = await call('/v1/webhooks', 'POST', { url: `${simulator}/receivers/never` });
  expect(refused.json()).toMatchObject({ error: { param: 'url', type: 'invalid_request_error' } });
  const made = await call('/v1/webhooks', 'POST', { url: 'https://example.com/hook' });
  expect(made.status).toBe(201);
  const { id } = endpointSchema.parse(made.json());
  expect((await strange(`/v1/webhooks/${id}`)).status).toBe(404);
  expect((await strange(`/v1/webhooks/${id}/secret`)).status).toBe(404);
  expect((await call(`/v1/webhooks/${id}`)).text).not.toContain('whsec_');
  expect((await call(`/v1/webhooks/${id}`, 'DELETE')).json()).toMatchObject({ deleted: true });
});
