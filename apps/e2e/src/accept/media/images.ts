import assert from 'node:assert/strict';
import OpenAI, { toFile } from 'openai';
import OpenAICurrent from 'openai-current';
import type { SluiceClient } from '../../harness/sluice-client.js';
import { drawPng, IMAGE_MODEL, isPicture } from '../../scenarios/images.js';
import type { Check } from '../capability.js';

/** The `openai` SDK's images flows. */
export function imageChecks(client: SluiceClient): Check[] {
  const { gateway, apiKey } = client.run;
  const options = { baseURL: `${gateway}/v1`, apiKey, maxRetries: 0 };
  const sdks: [string, OpenAI][] = [
    ['the current openai SDK', new OpenAICurrent(options) as unknown as OpenAI],
    ['the openai SDK of the major before', new OpenAI(options)],
  ];
  const flows = sdks.flatMap(([name, sdk]) => [
    { title: `${name}: images.generate, as links and as bytes`, prove: () => provedGeneration(sdk) },
    { title: `${name}: images.edit of one and of several, with a mask`, prove: () => provedEdits(sdk) },
    { title: `${name}: images streamed with partial images`, prove: () => provedStream(sdk) },
    { title: `${name}: wrong calls for images are told by class and field`, prove: () => provedErrors(sdk) },
  ]);
  return [
    ...flows,
    { title: 'fewer images than asked are told, never padded', prove: () => provedMissing(client) },
    { title: 'an image as a job: found later, made once for one Idempotency-Key', prove: () => provedJob(client) },
  ];
}

async function provedGeneration(sdk: OpenAI): Promise<string> {
  const linked = await sdk.images.generate({ model: IMAGE_MODEL, prompt: 'a cat', n: 3 });
  const links = linked.data ?? [];
  assert.equal(links.length, 3);
  for (const { url = '' } of links) {
    const file = await fetch(url);
    assert.equal(file.headers.get('content-type'), 'image/png');
    assert.ok(isPicture(Buffer.from(await file.arrayBuffer())));
  }
  const held = await sdk.images.generate({ model: IMAGE_MODEL, prompt: 'a cat', response_format: 'b64_json' });
  return `${links.length} links that need no key; ${bytesOf(held).join(', ')} bytes inline`;
}

async function provedEdits(sdk: OpenAI): Promise<string> {
  const [first, second, mask] = await Promise.all(['1.png', '2.png', 'mask.png'].map(picture));
  assert.ok(first && second && mask);
  const body = { model: IMAGE_MODEL, prompt: 'as a dog', response_format: 'b64_json' } as const;
  const one = await sdk.images.edit({ ...body, image: first, mask });
  const many = await sdk.images.edit({ ...body, image: [first, second], n: 2 });
  return `${bytesOf(one).length} of one with a mask, ${bytesOf(many).length} of two`;
}

async function provedStream(sdk: OpenAI): Promise<string> {
  const body = { model: IMAGE_MODEL, prompt: 'slowly', stream: true, partial_images: 2 } as const;
  const told: string[] = [];
  for await (const event of await sdk.images.generate(body)) {
    assert.ok(isPicture(Buffer.from(event.b64_json, 'base64')));
    for (const member of ['size', 'quality', 'background', 'output_format', 'created_at'] as const)
      assert.ok(event[member] !== undefined, member);
    told.push(event.type);
  }
  const partial = 'image_generation.partial_image';
  assert.deepEqual(told, [partial, partial, 'image_generation.completed']);
  return told.join(', ');
}

async function provedErrors(sdk: OpenAI): Promise<string> {
  const ask = (extras: object) => sdk.images.generate({ model: IMAGE_MODEL, prompt: 'a', ...extras });
  await assert.rejects(ask({ n: 11 }), { status: 400, param: 'n' });
  await assert.rejects(ask({ size: 'huge' }), { status: 400, param: 'size' });
  await assert.rejects(ask({ model: 'nobody-knows' }), { status: 404, code: 'model_not_found' });
  await assert.rejects(ask({ prompt: 'x [[sim:moderated]]' }), { status: 400 });
  const image = await toFile(Buffer.from('no picture'), 'a.png', { type: 'image/png' });
  await assert.rejects(sdk.images.edit({ model: IMAGE_MODEL, prompt: 'a', image }), { status: 400, param: 'image' });
  return 'n, size, model, image, moderation';
}

async function provedMissing(client: SluiceClient): Promise<string> {
  const body = { model: IMAGE_MODEL, prompt: 'few [[sim:images=2]]', n: 4 };
  const { status, headers, json } = await client.call('/v1/images/generations', { body });
  const { data, missing_images: missing } = json() as { data: object[]; missing_images: number };
  assert.deepEqual([status, data.length, missing, headers['x-sluice-missing-images']], [200, 2, 2, '2']);
  const none = await client.call('/v1/images/generations', { body: { ...body, prompt: 'none [[sim:images=0]]' } });
  assert.ok(none.status >= 500);
  return `2 of 4, the others told; none at all is ${none.status}`;
}

async function provedJob(client: SluiceClient): Promise<string> {
  const body = { model: IMAGE_MODEL, prompt: 'later [[sim:imageMs=300]]' };
  const headers = { prefer: 'respond-async', 'idempotency-key': `accept-images-${Date.now()}` };
  const send = () => client.call('/v1/images/generations', { body, headers });
  const made = await send();
  const { id } = made.json() as { id: string };
  assert.deepEqual([made.status, made.headers['location']], [202, `/v1/generations/${id}`]);
  assert.equal(((await send()).json() as { id: string }).id, id);
  assert.match((await client.call(`/v1/generations/${id}/events`)).text, /event: succeeded/);
  const { files } = (await client.call(`/v1/generations/${id}`)).json() as { files: { url: string }[] };
  const file = await fetch(files[0]?.url ?? '');
  assert.ok(isPicture(Buffer.from(await file.arrayBuffer())));
  return '202 twice with one id, then its file';
}

function bytesOf({ data = [] }: OpenAI.ImagesResponse): number[] {
  return data.map(({ b64_json: text = '' }) => {
    const bytes = Buffer.from(text, 'base64');
    assert.ok(isPicture(bytes));
    return bytes.length;
  });
}

function picture(name: string): Promise<File> {
  return toFile(drawPng(), name, { type: 'image/png' });
}
