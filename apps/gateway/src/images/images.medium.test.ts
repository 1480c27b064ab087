import { request as httpRequest } from 'node:http';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { form, ImageRig, png, read } from './__fixtures__/image-rig.js';

const ASKED = { model: 'm', prompt: 'a cat' };

let rig: ImageRig;
beforeAll(async () => {
  rig = await ImageRig.open();
});
afterAll(() => rig.close());
beforeEach(() => rig.clear());

describe('pictures', () => {
  it('are answered by links that need no key', async () => {
    const facts = { revisedPrompts: ['a grey cat'], size: '64x64', usage: { inputTokens: 3, outputTokens: 4 } };
    const { id, status, headers, json } = await rig.made({ ...ASKED, n: 2 }, ['one', 'two'], { facts });
    expect(status).toBe(200);
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-sluice-generation': id,
      'x-sluice-upstream': 'openai',
      'x-sluice-model': 'real-m',
      location: `/v1/generations/${id}`,
    });
    expect(headers.has('x-sluice-missing-images')).toBe(false);
    expect(json).toMatchObject({
      created: expect.any(Number) as number,
      data: [{ revised_prompt: 'a grey cat' }, {}],
      size: '64x64',
      output_format: 'png',
      usage: { input_tokens: 3, total_tokens: 7 },
    });
    const pictures = await Promise.all((json.data ?? []).map(async ({ url = '' }) => (await fetch(url)).text()));
    expect(pictures).toEqual(['one', 'two']);
  });

  it('are answered whole, whatever their length', async () => {
    const pictures = ['a', 'bc', 'def', 'x'.repeat(1_000)];
    const { headers, json } = await rig.made({ ...ASKED, n: 4, response_format: 'b64_json' }, pictures);
    expect(json.data?.map(({ b64_json: text = '' }) => Buffer.from(text, 'base64').toString())).toEqual(pictures);
    expect(Number(headers.get('content-length'))).toBe(Buffer.byteLength(JSON.stringify(json)));
  });

  it('that are fewer than asked are told as such', async () => {
    const { headers, json } = await rig.made({ ...ASKED, n: 3 }, ['one']);
    expect([json.data?.length, json['missing_images'], headers.get('x-sluice-missing-images')]).toEqual([1, 2, '2']);
  });

  it('that are none are a failure', async () => {
    expect(await rig.made(ASKED, [])).toMatchObject({ status: 502, json: { error: { code: 'upstream_bad_answer' } } });
  });

  it('that were refused are told as that', async () => {
    const id = rig.nextId();
    const answer = read(rig.send(ASKED));
    await rig.fail(await id);
    expect(await answer).toMatchObject({ status: 400, json: { error: { code: 'content_policy_violation' } } });
  });

  it('are made of pictures, as files or in JSON', async () => {
    const picture = `data:image/png;base64,${Buffer.from(await png().arrayBuffer()).toString('base64')}`;
    const bodies = [
      form(['prompt', 'a'], ['model', 'm'], ['image[]', png()], ['image[]', png()], ['mask', png()]),
      { ...ASKED, images: [{ image_url: picture }, { image_url: picture }], mask: { image_url: picture } },
    ];
    for (const body of bodies) {
      const { id, status } = await rig.made(body, ['one'], { path: 'edits' });
      expect(status).toBe(200);
      const found = await rig.postgres.query<{ input: string }>({
        text: 'SELECT input FROM durable_generation WHERE id = $1',
        values: [id],
      });
      expect(JSON.parse(found.rows[0]?.input ?? '')).toMatchObject({
        kind: 'image',
        request: { pictures: [{ mediaType: 'image/png', bytes: 64 }, {}], mask: { bytes: 64 } },
      });
    }
  });

  it('are made by the model that the operator named where the client names none', async () => {
    expect(await read(rig.send({ prompt: 'a' }))).toMatchObject({ status: 400, json: { error: { param: 'model' } } });
    rig.defaultModel = 'gpt-image-2';
    const { json } = await rig.made({ prompt: 'a' }, ['one']);
    expect(json.data).toMatchObject([{ b64_json: Buffer.from('one').toString('base64') }]);
  });
});

describe('a call', () => {
  it.each<[string, object | FormData, string, number, string]>([
    ['too many', { ...ASKED, n: 11 }, 'generations', 400, 'n'],
    ['no prompt', { model: 'm' }, 'generations', 400, 'prompt'],
    ['no picture', ASKED, 'edits', 400, 'image'],
    ['a file nobody knows', { ...ASKED, images: [{ file_id: 'file_1' }] }, 'edits', 404, 'images[0]'],
    ['a data URL of text', { ...ASKED, image: 'data:image/png;base64,aGVsbG8=' }, 'edits', 400, 'image'],
    ['a file in the wrong field', form(['prompt', png()]), 'edits', 400, 'prompt'],
    ['a good file beside a bad field', form(['image', png()], ['prompt', 'a'], ['n', 'x']), 'edits', 400, 'n'],
    [
      'a good picture beside a bad one',
      form(['image', png()], ['prompt', 'a'], ['model', 'm'], ['mask', 'x']),
      'edits',
      400,
      'mask',
    ],
  ])('with %s is refused, and nothing is kept', async (_name, body, path, status, param) => {
    expect(await read(rig.send(body, { path }))).toMatchObject({ status, json: { error: { param } } });
    expect([await rig.stored(), await rig.rows()]).toEqual([[], 0]);
  });

  it('for variations is refused', async () => {
    expect(await read(rig.send({}, { path: 'variations' }))).toMatchObject({
      status: 400,
      json: { error: { code: 'not_offered' } },
    });
    expect(await (await rig.get('/v1/images/method')).json()).toEqual({
      image_generation_method: 'imagine_ws_experimental',
    });
  });

  it('is made once for one Idempotency-Key, also while it runs', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const data = () => form(['prompt', 'a'], ['model', 'm'], ['image', png()]);
    const id = rig.nextId();
    const first = read(rig.send(data(), { path: 'edits', headers }));
    await id;
    const beside = read(rig.send(data(), { path: 'edits', headers }));
    await rig.finish(await id, ['one']);
    const [one, other] = await Promise.all([first, beside]);
    const later = await read(rig.send(data(), { path: 'edits', headers }));
    expect([one, other, later].map(({ headers: told }) => told.get('x-sluice-generation'))).toEqual(
      Array(3).fill(await id),
    );
    expect(later.headers.get('idempotent-replayed')).toBe('true');
    expect(
      (await rig.send(form(['prompt', 'b'], ['image', png()], ['model', 'm']), { path: 'edits', headers })).status,
    ).toBe(422);
    expect([(await rig.stored()).length, await rig.rows()]).toEqual([2, 1]);
  });

  it('that need not be waited for is answered with its generation, whose pictures are found later', async () => {
    for (const [body, headers] of [
      [{ ...ASKED, async: true }, {}],
      [ASKED, { prefer: 'respond-async' }],
    ] as const) {
      const answer = await read(rig.send(body, { headers }));
      const id = String(answer.json['id']);
      expect(answer).toMatchObject({ status: 202, json: { object: 'generation', kind: 'image', status: 'queued' } });
      expect(answer.headers.get('location')).toBe(`/v1/generations/${id}`);
      expect(answer.headers.get('retry-after')).toBe('2');
      await rig.finish(id, ['one']);
      const view = (await (await rig.get(`/v1/generations/${id}`)).json()) as {
        status: string;
        files: { url: string }[];
      };
      expect(view).toMatchObject({ status: 'succeeded', files: [{ role: 'result', media_type: 'image/png' }] });
      expect(await (await fetch(view.files[0]?.url ?? '')).text()).toBe('one');
    }
  });

  it('that takes too long is told where it goes on', async () => {
    const { status, headers, json } = await read(rig.send(ASKED, { headers: { 'x-sluice-deadline-ms': '50' } }));
    const id = headers.get('x-sluice-generation') ?? '';
    expect(status).toBe(504);
    expect(headers.get('x-should-retry')).toBe('false');
    expect(json.error?.message).toContain(`/v1/generations/${id}`);
    await rig.finish(id, ['one']);
    expect(await (await rig.get(`/v1/generations/${id}`)).json()).toMatchObject({ status: 'succeeded' });
  });

  it('that fails once it is committed is not to be made again by itself, but where that finds what was made', async () => {
    const away = () => Promise.reject(new GatewayError('unavailable', 'The database is away.'));
    for (const broken of ['tail', 'find'] as const) {
      const spy = vi.spyOn(rig.generations, broken).mockImplementation(away);
      const body = { ...ASKED, stream: broken === 'tail', async: broken === 'find' };
      const plain = await read(rig.send(body));
      expect([plain.status, plain.headers.get('x-should-retry')]).toEqual([503, 'false']);
      const named = await read(rig.send(body, { headers: { 'idempotency-key': broken } }));
      expect([named.status, named.headers.get('x-should-retry')]).toEqual([503, null]);
      spy.mockRestore();
    }
  });

  it('that ended without a picture may be paid, and is not to be made again by itself', async () => {
    for (const headers of [{}, { 'idempotency-key': 'ended' }]) {
      const id = rig.nextId();
      const answer = read(rig.send(ASKED, { headers }));
      await rig.fail(await id, { code: 'unavailable', message: 'It was made, but could not be stored.' });
      const told = await answer;
      expect([told.status, told.headers.get('x-should-retry')]).toEqual([503, 'false']);
    }
  });

  it('whose client leaves goes on', async () => {
    const id = rig.nextId();
    const { port } = rig.server.server.address() as { port: number };
    const call = httpRequest({
      port,
      host: '127.0.0.1',
      path: '/v1/images/generations',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    call.on('error', () => undefined);
    call.end(JSON.stringify(ASKED));
    await id;
    call.destroy();
    await rig.finish(await id, ['one']);
    expect(await (await rig.get(`/v1/generations/${await id}`)).json()).toMatchObject({
      status: 'succeeded',
      files: [{}],
    });
  });

  it('for what is not kept any more says so', async () => {
    const headers = { 'idempotency-key': 'k2' };
    const id = rig.nextId();
    const first = rig.send(ASKED, { headers });
    await rig.finish(await id, ['one']);
    await first;
    await rig.dropFiles();
    expect(await read(rig.send(ASKED, { headers }))).toMatchObject({
      status: 404,
      json: { error: { code: 'expired' } },
    });
  });
});
