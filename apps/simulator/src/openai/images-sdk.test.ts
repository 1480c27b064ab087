import OpenAI, { toFile } from 'openai';
import { inflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../start-simulator.js';

let simulator: Simulator;
let client: OpenAI;
let nowMs = 1_800_000_000_000;

beforeAll(async () => {
  simulator = await startSimulator({ clock: () => nowMs });
  client = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: 'sk-test-abcd', maxRetries: 0 });
});
afterAll(() => simulator.close());

const bytesOf = (image: OpenAI.Image | undefined) => Buffer.from(image?.b64_json ?? '', 'base64');

async function draw(prompt: string, more: Omit<Partial<OpenAI.ImageGenerateParamsNonStreaming>, 'stream'> = {}) {
  return client.images.generate({ model: 'sim-image', prompt, ...more });
}

async function acceptedOf(prompt: string): Promise<unknown> {
  const answer = await fetch(`${simulator.url}/__control/images?${new URLSearchParams({ prompt })}`);
  return ((await answer.json()) as { submissions: unknown[] }).submissions[0];
}

describe('pictures', () => {
  it('are real ones of the asked size, n different ones', async () => {
    const { data, size, usage } = await draw('cats', { n: 2, size: '1536x1024' });
    expect(size).toBe('1536x1024');
    expect(usage).toMatchObject({ input_tokens: 1, total_tokens: 545 });
    const [first, second] = [bytesOf(data?.[0]), bytesOf(data?.[1])];
    expect(first.equals(second)).toBe(false);
    expect([first.readUInt32BE(16), first.readUInt32BE(20)]).toEqual([1536, 1024]);
    const at = first.indexOf('IDAT');
    const pixels = inflateSync(first.subarray(at + 4, at + 4 + first.readUInt32BE(at - 4)));
    expect(pixels.length).toBe(1024 * (1 + 1536 / 8));
  });

  it('come as JPEG and WebP', async () => {
    const jpeg = bytesOf((await draw('a', { output_format: 'jpeg', size: '1024x1536' })).data?.[0]);
    expect([...jpeg.subarray(0, 3), ...jpeg.subarray(-2)]).toEqual([0xff, 0xd8, 0xff, 0xff, 0xd9]);
    const webp = bytesOf((await draw('a', { output_format: 'webp', size: '1024x1536' })).data?.[0]);
    expect(webp.toString('latin1', 8, 16)).toBe('WEBPVP8L');
    const bits = webp.readUInt32LE(21);
    expect([(bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1]).toEqual([1024, 1536]);
    expect(webp.readUInt32LE(4)).toBe(webp.length - 8);
  });

  it('of the old family are links that die', async () => {
    const { data } = await draw('old', { model: 'dall-e-2' });
    const url = data?.[0]?.url ?? '';
    expect((await fetch(url)).headers.get('content-type')).toBe('image/png');
    nowMs += 60 * 60_000;
    expect((await fetch(url)).status).toBe(403);
  });

  it('refuse to be asked for in a form where the vendor does', async () => {
    const asked = draw('x', { model: 'gpt-image-1', response_format: 'url' });
    await expect(asked).rejects.toMatchObject({ status: 400, param: 'response_format' });
  });
});

it('streams previews, then the picture', async () => {
  const stream = await client.images.generate({ model: 'sim-image', prompt: 'slow', stream: true, partial_images: 2 });
  const types: string[] = [];
  for await (const event of stream) {
    types.push(event.type);
    expect(Buffer.from(event.b64_json, 'base64').toString('latin1', 1, 4)).toBe('PNG');
  }
  expect(types).toEqual([
    'image_generation.partial_image',
    'image_generation.partial_image',
    'image_generation.completed',
  ]);
});

describe('edits', () => {
  it('take a form, with several pictures and a mask', async () => {
    const file = await toFile(Buffer.from('12345'), 'a.png', { type: 'image/png' });
    await client.images.edit({ model: 'sim-image', prompt: 'edit form', image: [file, file], mask: file });
    expect(await acceptedOf('edit form')).toMatchObject({
      accepted: 1,
      pictures: [
        { field: 'image[]', bytes: 5 },
        { field: 'image[]', bytes: 5 },
        { field: 'mask', bytes: 5 },
      ],
    });
  });

  it('take JSON, and nothing without a picture', async () => {
    const edit = (body: object) =>
      fetch(`${simulator.url}/v1/images/edits`, {
        method: 'POST',
        headers: { authorization: 'Bearer k', 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const images = [{ image_url: `data:image/png;base64,${Buffer.from('123').toString('base64')}` }];
    expect((await edit({ prompt: 'edit json', images })).status).toBe(200);
    expect(await acceptedOf('edit json')).toMatchObject({ pictures: [{ field: 'images', bytes: 3 }] });
    expect((await edit({ prompt: 'edit json' })).status).toBe(400);
  });
});

describe('faults', () => {
  it('make fewer, revise, send no picture or broken text', async () => {
    expect((await draw('fewer [[sim:images=1]]', { n: 3 })).data).toHaveLength(1);
    expect((await draw('red [[sim:revise-prompt]]')).data?.[0]?.revised_prompt).toBe('red, revised 1');
    expect(bytesOf((await draw('no [[sim:no-image]]')).data?.[0]).toString()).toBe('error');
    expect((await draw('bad [[sim:broken-base64]]')).data?.[0]?.b64_json).toMatch(/^%%/);
    expect((await draw('link [[sim:image-links]]')).data?.[0]?.url).toMatch(/\/storage\/images\//);
  });

  it('refuse, or lose the reply of what was taken on and paid', async () => {
    await expect(draw('no [[sim:moderated]]')).rejects.toMatchObject({ status: 400, code: 'moderation_blocked' });
    expect(await acceptedOf('no [[sim:moderated]]')).toBeUndefined();
    const lost = 'lost [[sim:accept-first,lost-reply]]';
    await expect(draw(lost)).rejects.toThrow();
    expect(await acceptedOf(lost)).toMatchObject({ accepted: 1, made: 1 });
    const refused = 'refused [[sim:status=503]]';
    await expect(draw(refused)).rejects.toMatchObject({ status: 503 });
    expect(await acceptedOf(refused)).toBeUndefined();
  });
});
