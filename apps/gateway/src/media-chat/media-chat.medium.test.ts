import { GatewayError } from '@sluice/contracts/gateway-error';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type MediaChatRig, openMediaChatRig } from './__fixtures__/media-chat-rig.js';

let rig: MediaChatRig;
beforeAll(async () => void (rig = await openMediaChatRig()));
afterAll(() => rig.close());
beforeEach(async () => {
  rig.values.clear();
  await rig.postgres.query({ text: 'TRUNCATE durable_generation, durable_event, idempotency_key, ledger' });
});

const FILM = Buffer.from('a film');
function png(): Buffer {
  const bytes = Buffer.alloc(64);
  Buffer.from('89504e470d0a1a0a0000000d494844520000000200000002', 'hex').copy(bytes);
  return bytes;
}

interface Asked {
  path?: string;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

function ask(body: object, { path = '/v1/chat/completions', headers = {}, signal }: Asked = {}): Promise<Response> {
  return fetch(rig.address + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'film', messages: [{ role: 'user', content: 'a cat' }], ...body }),
    ...(signal && { signal }),
  });
}

/** The row of what was just asked for, once it is there. */
const made = () =>
  vi.waitFor(async () => {
    const id = await rig.worker.newest();
    expect(id).not.toBe('');
    return id;
  });

interface Delta {
  content?: string;
  reasoning_content?: string;
}

async function chunksOf(answer: Response) {
  const frames = (await answer.text()).split('\n\n').filter((frame) => frame.startsWith('data: '));
  const chunks = frames.map((frame) => frame.slice(6));
  const parsed = chunks.filter((chunk) => chunk !== '[DONE]').map((chunk) => JSON.parse(chunk)) as {
    id: string;
    error?: { code: string };
    choices?: { delta: Delta; finish_reason: string | null }[];
  }[];
  const deltas = parsed.flatMap(({ choices = [] }) => choices.map(({ delta }) => delta));
  return {
    chunks: parsed,
    isDone: chunks.at(-1) === '[DONE]',
    content: deltas.map(({ content = '' }) => content).join(''),
    reasoning: deltas.map(({ reasoning_content: text = '' }) => text).join(''),
    finish: parsed.flatMap(({ choices = [] }) => choices.flatMap(({ finish_reason: reason }) => reason ?? [])),
  };
}

/** As a worker does, from beginning to end. */
async function makeFilm(): Promise<string> {
  const id = await made();
  await rig.worker.begin(id);
  await rig.worker.progress(id, 42);
  await rig.worker.finish(id, [FILM], { durationSeconds: 4 });
  return id;
}

describe('a film, streamed', () => {
  it('gets on in the reasoning, and stands in the answer as old clients look for it', async () => {
    const asking = ask({ stream: true });
    const id = await makeFilm();
    const answer = await asking;
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-sluice-generation')).toBe(id);
    const { content, reasoning, finish, chunks, isDone } = await chunksOf(answer);
    expect(reasoning).toContain('**Generation Process Begins**');
    expect(reasoning).toContain(id.replace('gen_', 'video_'));
    expect(reasoning).toContain('\n**Video Generation Progress**: 42% (running)\n');
    const [, url = ''] = /^```html\n<video src='(.+)' controls><\/video>\n```$/.exec(content) ?? [];
    expect(url).toMatch(new RegExp(`^${rig.address}/media/results/${id}-0.mp4\\?expires=\\d+&signature=`));
    expect(finish).toEqual(['stop']);
    expect(isDone).toBe(true);
    expect(chunks[0]?.id).toBe(id.replace('gen_', 'chatcmpl-'));
  });

  it.each([
    ['content', { 'x-sluice-progress': 'content' }, {}],
    ['content', {}, { media_progress: 'content' }],
  ])('gets on in the %s where that is asked for', async (_style, headers, fields) => {
    const asking = ask({ stream: true, ...fields }, { headers });
    await makeFilm();
    const { content, reasoning } = await chunksOf(await asking);
    expect(reasoning).toBe('');
    expect(content).toMatch(/Video Generation Progress\*\*: 42%[^]*进度: 42%[^]*<video src='/);
  });

  it('gets on in marked thoughts, or nowhere', async () => {
    rig.values.set('MEDIA_CHAT_PROGRESS', 'think');
    const first = ask({ stream: true });
    await makeFilm();
    expect((await chunksOf(await first)).content).toMatch(/^<think>\n[^]*42%[^]*\n<\/think>\n```html\n<video/);
    const second = ask({ stream: true, media_progress: 'none' });
    await makeFilm();
    expect(await chunksOf(await second)).toMatchObject({ content: expect.stringMatching(/^```html/), reasoning: '' });
  });

  it.each([
    ['html-plain', /^<video src="http[^"]+" controls="controls" width="500" height="300"><\/video>$/],
    ['markdown', /^\[点击这里\]\(http[^)]+\)$/],
    ['url', /^http\S+$/],
  ])('is told as %s', async (format, pattern) => {
    rig.values.set('MEDIA_CHAT_FINISH_REASON', 'STOP');
    const asking = ask({ stream: true, media_format: format });
    await makeFilm();
    const { content, finish } = await chunksOf(await asking);
    expect(content).toMatch(pattern);
    expect(finish).toEqual(['STOP']);
  });

  it('that is refused at once is a status, later an event', async () => {
    const error = { code: 'content_refused', message: 'Not this.' } as const;
    const early = ask({ stream: true });
    const first = await made();
    await rig.worker.begin(first);
    await rig.worker.fail(first, error);
    expect((await early).status).toBe(400);
    const late = ask({ stream: true });
    const second = await made();
    await rig.worker.begin(second);
    await rig.worker.progress(second, 10);
    await rig.worker.fail(second, error);
    const { chunks, reasoning } = await chunksOf(await late);
    expect(reasoning).toContain('10%');
    expect(chunks.at(-1)?.error).toMatchObject({ message: 'Not this.' });
  });

  it('goes on when its client leaves, and is given again by its key', async () => {
    const headers = { 'idempotency-key': 'one' };
    const abort = new AbortController();
    const asking = ask({ stream: true }, { headers, signal: abort.signal });
    const id = await made();
    await rig.worker.begin(id);
    await rig.worker.progress(id, 10);
    await asking;
    abort.abort();
    const again = ask({ stream: true }, { headers });
    await rig.worker.progress(id, 60);
    await rig.worker.finish(id, [FILM]);
    const answer = await again;
    expect(answer.headers.get('idempotent-replayed')).toBe('true');
    expect(answer.headers.get('x-sluice-generation')).toBe(id);
    const { content, reasoning } = await chunksOf(answer);
    expect(content).toContain('<video');
    expect(reasoning).toMatch(/10%[^]*60%/);
    const { rows } = await rig.postgres.query({ text: 'SELECT id FROM durable_generation' });
    expect(rows).toEqual([{ id }]);
    const other = await ask({ messages: [{ role: 'user', content: 'a dog' }] }, { headers });
    expect(other.status).toBe(422);
  });
});

describe('a film, whole', () => {
  it('is waited for, with what it cost', async () => {
    const asking = ask({ temperature: 1 });
    await makeFilm();
    const answer = await asking;
    expect(answer.headers.get('x-sluice-ignored-fields')).toBe('temperature');
    const body = (await answer.json()) as { choices: { message: { content: string }; finish_reason: string }[] };
    expect(body).toMatchObject({
      object: 'chat.completion',
      model: 'real',
      usage: { prompt_tokens: 2, completion_tokens: expect.any(Number) },
    });
    expect(body.choices[0]?.message.content).toContain("<video src='http");
    expect(body.choices[0]?.finish_reason).toBe('stop');
  });

  it('that cannot be followed goes on, and is not to be made again by itself', async () => {
    const spy = vi.spyOn(rig.generations, 'tail').mockRejectedValueOnce(new GatewayError('overloaded', 'Too many.'));
    const url = `data:image/png;base64,${png().toString('base64')}`;
    const answer = await ask({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }] });
    spy.mockRestore();
    const id = await made();
    expect(answer.headers.get('x-should-retry')).toBe('false');
    expect(answer.headers.get('x-sluice-generation')).toBe(id);
    const request = (await rig.generations.find(id, 'owner'))?.input.request;
    const [first] = (request as { references?: { media: { key: string } }[] }).references ?? [];
    expect(await rig.store.head(first?.media.key ?? '')).toBeDefined();
  });

  it('is held no longer than the SDKs wait, who would have it made again', async () => {
    const answer = await ask({}, { headers: { 'x-sluice-deadline-ms': '50', 'idempotency-key': 'patient' } });
    const id = await made();
    expect([answer.status, answer.headers.get('x-should-retry')]).toEqual([504, 'false']);
    expect(await answer.text()).toContain(`/v1/generations/${id}`);
    expect((await rig.generations.find(id, 'owner'))?.state).toBe('queued');
  });

  it('does not mix the answer with how it got on, unless that is asked for', async () => {
    rig.values.set('MEDIA_CHAT_PROGRESS', 'content');
    const asking = ask({});
    await makeFilm();
    const plain = (await (await asking).json()) as { choices: [{ message: { content: string } }] };
    expect(plain.choices[0].message.content).toMatch(/^```html/);
    const mixed = ask({ media_progress: 'content' });
    await makeFilm();
    const told = (await (await mixed).json()) as { choices: [{ message: { content: string } }] };
    expect(told.choices[0].message.content).toContain('42%');
  });

  it('is made as the client says, from its pictures', async () => {
    const data = `data:image/png;base64,${png().toString('base64')}`;
    const asking = ask({
      video_config: { aspect_ratio: '3:2', video_length: 6, resolution: 'HD', preset: 'normal' },
      messages: [
        { role: 'user', content: 'an earlier wish' },
        { role: 'assistant', content: 'done' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'as here' },
            { type: 'image_url', image_url: { url: data } },
          ],
        },
      ],
    });
    const id = await makeFilm();
    const answer = await asking;
    expect(answer.headers.get('x-sluice-ignored-fields')).toBe('video_config.preset');
    const generation = await rig.generations.find(id, 'owner');
    expect(generation).toMatchObject({ kind: 'video', dialect: 'openai-chat' });
    expect(generation?.input.request).toMatchObject({
      prompt: 'as here',
      durationSeconds: 6,
      aspectRatio: '3:2',
      resolution: '720p',
      references: [{ role: 'first-frame', media: { mediaType: 'image/png' } }],
      providerOptions: { grok: { preset: 'normal' } },
    });
    const { rows } = await rig.postgres.query({
      text: 'SELECT amount::int FROM ledger WHERE generation_id = $1',
      values: [id],
    });
    expect(rows[0]).toEqual({ amount: 6 });
  });
});

it('pictures are kept for what is made of them, and not twice for a call that comes again', async () => {
  const url = `data:image/png;base64,${png().toString('base64')}`;
  const messages = [{ role: 'user', content: [{ type: 'image_url', image_url: { url } }] }];
  const headers = { 'idempotency-key': 'pictured' };
  const kept = async () => {
    const keys: string[] = [];
    for await (const { key } of rig.store.list('')) if (!key.startsWith('results/')) keys.push(key);
    return keys;
  };
  const before = await kept();
  const asking = ask({ messages }, { headers });
  const id = await makeFilm();
  await asking;
  const generation = await rig.generations.find(id, 'owner');
  const [added, ...others] = (await kept()).filter((key) => !before.includes(key));
  expect(generation?.input).toMatchObject({ request: { prompt: '', references: [{ media: { key: added } }] } });
  const again = await ask({ messages }, { headers });
  expect([again.headers.get('idempotent-replayed'), others.length]).toEqual(['true', 0]);
  const other = { messages: [...messages, { role: 'user', content: messages[0]?.content }], seconds: 3 };
  expect((await ask(other, { headers })).status).toBe(422);
  expect((await kept()).length).toBe(before.length + 1);
});

describe('what is wrong is refused by its name, and leaves nothing behind', () => {
  const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
  it.each<[string, object, Record<string, string>, string]>([
    ['a length', { video_config: { video_length: 99 } }, {}, 'video_config.video_length'],
    ['a ratio', { video_config: { aspect_ratio: 'wide' } }, {}, 'video_config.aspect_ratio'],
    ['a type', { video_config: 'HD' }, {}, 'video_config'],
    ['two lengths', { seconds: '4', video_config: { video_length: 6 } }, {}, 'video_config.video_length'],
    ['a size', { size: 'big' }, {}, 'size'],
    ['several films', { n: 2 }, {}, 'n'],
    ['a film as its beginning', { video: 'https://example.com/a.mp4' }, {}, 'video'],
    [
      'a film among the words',
      user([{ type: 'video_url', video_url: { url: 'https://example.com/a.mp4' } }]),
      {},
      'messages[0].content[0].video_url.url',
    ],
    ['nothing said', user(' '), {}, 'messages'],
    ['nobody asking', { messages: [{ role: 'system', content: 'a cat' }] }, {}, 'messages'],
    [
      'sound',
      user([{ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }]),
      {},
      'messages[0].content[0].input_audio.data',
    ],
    [
      'a picture that is none',
      user([{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }]),
      {},
      'messages[0].content[0].image_url.url',
    ],
    ['a style', {}, { 'x-sluice-progress': 'loud' }, 'x-sluice-progress'],
    ['a style in the body', { media_progress: 1 }, {}, 'media_progress'],
    ['a format of pictures', { media_format: 'b64' }, {}, 'media_format'],
    ['the number of pictures', { model: 'drawing', image_config: { n: 11 } }, {}, 'image_config.n'],
    ['the size of pictures', { model: 'drawing', size: 'big' }, {}, 'size'],
  ])('%s', async (_name, body, headers, param) => {
    const answer = await ask(body, { headers });
    const { error } = (await answer.json()) as { error: { param: string } };
    expect([answer.status, error.param]).toEqual([400, param]);
    const { rows } = await rig.postgres.query({ text: 'SELECT id FROM durable_generation' });
    expect(rows).toEqual([]);
  });
});

describe('pictures', () => {
  const drawn = async (body: object) => {
    const asking = ask({ model: 'drawing', ...body });
    const id = await made();
    await rig.worker.begin(id);
    await rig.worker.progress(id, 40);
    await rig.worker.finish(id, [png(), png()], { usage: { inputTokens: 5, outputTokens: 20, totalTokens: 25 } });
    return { id, answer: await asking };
  };

  it('stand one a line, streamed', async () => {
    const { id, answer } = await drawn({ stream: true, n: 2, stream_options: { include_usage: true } });
    const { content, reasoning, chunks } = await chunksOf(answer);
    expect(content.split('\n')).toEqual(
      [0, 1].map((n) => expect.stringMatching(`^!\\[Generated Image\\]\\(http.*${id}-${n}.png.*\\)$`)),
    );
    expect(reasoning).toContain('**Processing**\n\nGeneration in progress: 40% completed...\n');
    expect(chunks.at(-1)).toMatchObject({ usage: { prompt_tokens: 5, completion_tokens: 20, total_tokens: 25 } });
  });

  it('are told whole where they are wanted in the answer, and how many are missing', async () => {
    const { id, answer } = await drawn({
      image_config: { n: 3, size: '16:9', response_format: 'b64_json' },
      quality: 'high',
    });
    const body = (await answer.json()) as { choices: [{ message: { content: string } }] };
    const line = `![Generated Image](data:image/png;base64,${png().toString('base64')})`;
    expect(body.choices[0].message.content).toBe(`${line}\n${line}\n\n2 of 3 pictures were made.`);
    const generation = await rig.generations.find(id, 'owner');
    expect(generation?.input).toEqual({
      kind: 'image',
      request: { model: 'drawing', prompt: 'a cat', count: 3, aspectRatio: '16:9', quality: 'high' },
    });
  });
});

describe('in other dialects', () => {
  it('a film is an answer of Anthropic, with its thoughts', async () => {
    const asking = ask({ max_tokens: 10 }, { path: '/v1/messages' });
    await makeFilm();
    const body = (await (await asking).json()) as { content: { type: string; text?: string; thinking?: string }[] };
    expect(body).toMatchObject({ type: 'message', stop_reason: 'end_turn' });
    expect(body.content.map(({ type }) => type)).toEqual(['thinking', 'text']);
    expect(body.content[1]?.text).toContain('<video');
  });

  it('a film is an answer of Google', async () => {
    const body = { model: undefined, messages: undefined, contents: [{ role: 'user', parts: [{ text: 'a cat' }] }] };
    const asking = ask(body, {
      path: '/v1beta/models/film:generateContent',
      headers: { 'x-sluice-media-format': 'url' },
    });
    await makeFilm();
    const told = (await (await asking).json()) as { candidates: [{ content: { parts: { text: string }[] } }] };
    expect(told.candidates[0].content.parts.map(({ text }) => text)).toEqual([expect.stringMatching(/^http\S+$/)]);
  });
});
