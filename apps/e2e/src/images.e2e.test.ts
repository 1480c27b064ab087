import OpenAI, { toFile } from 'openai';
import OpenAICurrent from 'openai-current';
import { describe, expect, it } from 'vitest';
import { sharedSluice } from './harness/shared-sluice.js';
import { drawPng, IMAGE_MODEL, isPicture } from './scenarios/images.js';

const sluice = sharedSluice();
const { gateway, apiKey } = sluice.run;

const options = { baseURL: `${gateway}/v1`, apiKey, maxRetries: 0 };
const SDKS: [string, OpenAI, typeof OpenAI][] = [
  ['the SDK before', new OpenAI(options), OpenAI],
  ['the current SDK', new OpenAICurrent(options) as unknown as OpenAI, OpenAICurrent as unknown as typeof OpenAI],
];

const picture = (name: string) => toFile(drawPng(), name, { type: 'image/png' });

describe.each(SDKS)('with %s', (_name, sdk, classes) => {
  it('pictures are made, as links and as bytes', async () => {
    const linked = await sdk.images.generate({ model: IMAGE_MODEL, prompt: 'a cat', n: 2, size: '64x32' as never });
    expect(linked).toMatchObject({ created: expect.any(Number) as number, size: '64x32', output_format: 'png' });
    expect(linked.data).toHaveLength(2);
    for (const { url = '' } of linked.data ?? []) {
      const answer = await fetch(url);
      expect(answer.headers.get('content-type')).toBe('image/png');
      expect(isPicture(Buffer.from(await answer.arrayBuffer()))).toBe(true);
    }
    const body = { model: IMAGE_MODEL, prompt: 'a cat', response_format: 'b64_json', output_format: 'webp' } as const;
    const { data, usage } = await sdk.images.generate(body);
    expect(Buffer.from(data?.[0]?.b64_json ?? '', 'base64').toString('latin1')).toMatch(/^RIFF....WEBP/s);
    expect(usage).toMatchObject({ total_tokens: expect.any(Number) as number });
  });

  it('pictures are made of one or more, with a mask', async () => {
    const [first, second, mask] = await Promise.all(['1.png', '2.png', 'mask.png'].map(picture));
    if (!first || !second || !mask) throw new Error('no pictures');
    const one = await sdk.images.edit({ model: IMAGE_MODEL, prompt: 'as a dog', image: first, mask });
    expect(one.data).toMatchObject([{ url: expect.stringContaining('/media/') as string }]);
    const many = { model: IMAGE_MODEL, prompt: 'together', image: [first, second] };
    const { data } = await sdk.images.edit({ ...many, n: 2, response_format: 'b64_json' });
    expect(data?.map(({ b64_json: text = '' }) => isPicture(Buffer.from(text, 'base64')))).toEqual([true, true]);
  });

  it('pictures come as a stream, previews first', async () => {
    const body = { model: IMAGE_MODEL, prompt: 'slowly', stream: true, partial_images: 2 } as const;
    const told: [string, boolean][] = [];
    for await (const event of await sdk.images.generate(body))
      told.push([event.type, isPicture(Buffer.from(event.b64_json, 'base64'))]);
    expect(told).toEqual([
      ['image_generation.partial_image', true],
      ['image_generation.partial_image', true],
      ['image_generation.completed', true],
    ]);
    const image = await picture('1.png');
    const types: string[] = [];
    for await (const { type } of await sdk.images.edit({ ...body, image, partial_images: 0 })) types.push(type);
    expect(types).toEqual(['image_edit.completed']);
  });

  it('failures are of their classes', async () => {
    const ask = (extras: object) => sdk.images.generate({ model: IMAGE_MODEL, prompt: 'a', ...extras });
    await expect(ask({ n: 11 })).rejects.toBeInstanceOf(classes.BadRequestError);
    await expect(ask({ n: 11 })).rejects.toMatchObject({ status: 400, param: 'n' });
    await expect(ask({ model: 'nobody-knows' })).rejects.toBeInstanceOf(classes.NotFoundError);
    await expect(ask({ prompt: 'x [[sim:moderated]]' })).rejects.toMatchObject({
      status: 400,
      code: 'moderation_blocked',
    });
    const image = await toFile(Buffer.from('no picture'), 'a.png', { type: 'image/png' });
    await expect(sdk.images.edit({ model: IMAGE_MODEL, prompt: 'a', image })).rejects.toMatchObject({ param: 'image' });
    await expect(sdk.images.createVariation({ image: await picture('1.png') })).rejects.toMatchObject({
      code: 'not_offered',
    });
  });
});

it('fewer pictures than asked are told, and none is a failure', async () => {
  const body = { model: IMAGE_MODEL, prompt: 'few [[sim:images=1]]', n: 3 };
  const { status, headers, json } = await sluice.call('/v1/images/generations', { body });
  expect([status, headers['x-sluice-missing-images']]).toEqual([200, '2']);
  expect(json()).toMatchObject({ data: [{}], missing_images: 2 });
  const none = await sluice.call('/v1/images/generations', { body: { ...body, prompt: 'none [[sim:images=0]]' } });
  expect(none.status).toBeGreaterThanOrEqual(500);
});

it('a call that is not waited for is found later, by its owner', async () => {
  const prompt = 'later [[sim:imageMs=300]]';
  const headers = { prefer: 'respond-async', 'idempotency-key': `images-${Date.now()}` };
  const send = () => sluice.call('/v1/images/generations', { body: { model: IMAGE_MODEL, prompt }, headers });
  const made = await send();
  const { id } = made.json() as { id: string };
  expect([made.status, made.headers['location']]).toEqual([202, `/v1/generations/${id}`]);
  expect((await send()).json()).toMatchObject({ id });
  const events = await sluice.call(`/v1/generations/${id}/events`);
  expect(events.text).toContain('event: succeeded');
  const view = (await sluice.call(`/v1/generations/${id}`)).json() as { files: { url: string }[] };
  const file = await fetch(view.files[0]?.url ?? '');
  expect(isPicture(Buffer.from(await file.arrayBuffer()))).toBe(true);
  expect((await sluice.call('/v1/models/sim-image')).status).toBe(200);
});
