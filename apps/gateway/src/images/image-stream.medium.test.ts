import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AnswerBody, form, ImageRig, png } from './__fixtures__/image-rig.js';

const ASKED = { model: 'm', prompt: 'a cat' };

let rig: ImageRig;
beforeAll(async () => {
  rig = await ImageRig.open();
});
afterAll(() => rig.close());
beforeEach(() => rig.clear());

describe('a stream', () => {
  const events = (text: string) =>
    text
      .split('\n\n')
      .filter((frame) => frame.startsWith('event: '))
      .map((frame) => JSON.parse(frame.slice(frame.indexOf('data: ') + 6)) as AnswerBody & { b64_json?: string });
  const plain = (base64 = '') => Buffer.from(base64, 'base64').toString();

  it('tells previews, then each picture', async () => {
    const id = rig.nextId();
    const answer = rig.send({ ...ASKED, stream: true, partial_images: 2 });
    await rig.preview(await id, 0, 'rough');
    await rig.preview(await id, 1, 'finer');
    await rig.finish(await id, ['done']);
    const response = await answer;
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    expect(response.headers.get('x-sluice-generation')).toBe(await id);
    const told = events(await response.text());
    expect(
      told.map(({ type, partial_image_index: number, b64_json: base64 }) => [type, number, plain(base64)]),
    ).toEqual([
      ['image_generation.partial_image', 0, 'rough'],
      ['image_generation.partial_image', 1, 'finer'],
      ['image_generation.completed', undefined, 'done'],
    ]);
  });

  it('of several edits has an event for each', async () => {
    const id = rig.nextId();
    const data = form(['prompt', 'a'], ['model', 'm'], ['n', '2'], ['stream', 'true'], ['image', png()]);
    const answer = rig.send(data, { path: 'edits' });
    await rig.finish(await id, ['one', 'two'], { usage: { totalTokens: 9 } });
    const told = events(await (await answer).text());
    expect(told.map(({ type, index, b64_json: base64 }) => [type, index, plain(base64)])).toEqual([
      ['image_edit.completed', 0, 'one'],
      ['image_edit.completed', 1, 'two'],
    ]);
    expect(told.map(({ usage }) => (usage as { total_tokens: number }).total_tokens)).toEqual([0, 9]);
  });

  it('that fails before it begins is a status, later an event', async () => {
    rig.timing.holdMs = 10_000;
    const early = rig.nextId();
    const refused = rig.send({ ...ASKED, stream: true });
    await rig.fail(await early);
    expect((await refused).status).toBe(400);
    const late = rig.nextId();
    const broken = rig.send({ ...ASKED, stream: true });
    await rig.preview(await late, 0, 'rough');
    const response = await broken;
    await rig.fail(await late);
    expect(response.status).toBe(200);
    expect(events(await response.text()).at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'content_policy_violation', message: 'not this' },
    });
  });

  it('is kept warm while nothing comes', async () => {
    const id = rig.nextId();
    const response = await rig.send({ ...ASKED, stream: true });
    const reader = (response.body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toMatch(/^(?:: ping\n\n)+$/);
    await rig.finish(await id, ['one']);
    let text = '';
    for (let read = await reader.read(); !read.done; read = await reader.read()) text += read.value;
    expect(events(text)).toHaveLength(1);
  });

  it('that waits too long says where it goes on', async () => {
    const headers = { 'x-sluice-deadline-ms': '150' };
    const response = await rig.send({ ...ASKED, stream: true }, { headers });
    const id = response.headers.get('x-sluice-generation') ?? '';
    const [error] = events(await response.text());
    expect(error).toMatchObject({ error: { code: 'deadline_exceeded' } });
    expect(error?.error?.message).toContain(id);
  });
});
