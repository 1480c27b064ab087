import assert from 'node:assert/strict';
import OpenAI from 'openai';
import OpenAICurrent from 'openai-current';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../../harness/eventually.js';
import { httpCall } from '../../harness/http-call.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { unique } from '../../harness/unique.js';
import { QUICK, VIDEO_MODEL } from '../../scenarios/durable-videos.js';
import { IMAGE_MODEL } from '../../scenarios/images.js';
import type { Check } from '../capability.js';
import { startBatch } from './start-batch.js';

interface Delivery {
  headers: Record<string, string>;
  body: string;
}

/** What a program that listens sees, and what the libraries that verify say of it. */
export function webhookChecks(client: SluiceClient): Check[] {
  return [
    {
      title: 'webhooks of a video, a batch and an image verify with both openai SDKs and with standardwebhooks',
      prove: () => provedVerification(client),
    },
    { title: 'an endpoint that fails is tried again with the same id', prove: () => provedRepetition(client) },
    { title: 'no endpoint at a private address, unless an operator says so', prove: () => provedGuard(client) },
  ];
}

async function provedVerification(client: SluiceClient): Promise<string> {
  const { sdk, secret, received } = await listen(client, 'answers=200');
  const video = await sdk.videos.create({ model: VIDEO_MODEL as never, prompt: `told ${QUICK}` });
  const batch = await startBatch(sdk, 2);
  await sdk.images.generate({ model: IMAGE_MODEL, prompt: 'told' });
  const deliveries = await received(3);
  const told = new Map<string, string>();
  for (const { headers, body } of deliveries) {
    const event = new Webhook(secret).verify(body, headers) as { id: string; type: string; data: { id: string } };
    assert.equal(headers['webhook-id'], event.id);
    for (const library of [new OpenAI({ apiKey: 'none' }), new OpenAICurrent({ apiKey: 'none' })]) {
      assert.deepEqual(await library.webhooks.unwrap(body, headers, secret), event);
      const broken = library.webhooks.unwrap(`${body} `, headers, secret);
      await assert.rejects(broken, /signature/i);
    }
    assert.throws(() => new Webhook(secret).verify(`${body} `, headers));
    told.set(event.type, event.data.id);
  }
  assert.equal(told.get('video.completed'), video.id);
  assert.equal(told.get('batch.completed'), batch.id);
  assert.match(told.get('generation.completed') ?? '', /^gen_/);
  return `${[...told.keys()].join(', ')}; a changed body is refused by all three`;
}

async function provedRepetition(client: SluiceClient): Promise<string> {
  const { sdk, received } = await listen(client, 'answers=500,200');
  await sdk.videos.create({ model: VIDEO_MODEL as never, prompt: `told twice ${QUICK}` });
  const deliveries = await received(2);
  const ids = new Set(deliveries.map(({ headers }) => headers['webhook-id']));
  const times = new Set(deliveries.map(({ headers }) => headers['webhook-timestamp']));
  assert.deepEqual([deliveries.length, ids.size, times.size], [2, 1, 2]);
  return 'two attempts, one id, each with its own time';
}

async function provedGuard(client: SluiceClient): Promise<string> {
  const urls = [
    'http://127.0.0.1:1/',
    'http://10.0.0.1/',
    'http://[::1]/',
    'http://169.254.169.254/',
    'http://0x7f.1/',
  ];
  for (const url of urls) {
    const made = await client.call('/v1/webhooks', { body: { url } });
    const { error } = made.json() as { error: { param: string } };
    assert.deepEqual([made.status, error.param], [400, 'url'], url);
    const body = { model: VIDEO_MODEL, prompt: `never ${QUICK}` };
    const asked = await client.call('/v1/videos', { body, headers: { 'x-sluice-webhook': url } });
    assert.equal(asked.status, 400, url);
  }
  return `${urls.length} addresses refused, of a key and of a request`;
}

/** A caller of its own, and an endpoint that only an operator may point at this machine. */
async function listen(client: SluiceClient, habit: string) {
  const { id: keyId, key } = await client.admin.createKey(unique('webhooks'));
  const receiver = unique('accept');
  const url = `${client.run.simulator}/receivers/${receiver}?${habit}`;
  const body = { key_id: keyId, url, allow_private_network: true };
  const { secret } = (await client.admin.call('POST', '/webhooks', body)).json() as { secret: string };
  const received = (count: number) =>
    eventually(
      `${count} deliveries`,
      async () => {
        const inbox = await httpCall({ url: `${client.run.simulator}/__control/webhooks?receiver=${receiver}` });
        const { deliveries } = inbox.json() as { deliveries: Delivery[] };
        return deliveries.length >= count && deliveries;
      },
      { withinMs: 60_000, everyMs: 100 },
    );
  return { sdk: client.openaiWith(key), secret, received };
}
