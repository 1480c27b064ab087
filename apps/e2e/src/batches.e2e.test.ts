import OpenAI, { toFile } from 'openai';
import OpenAICurrent from 'openai-current';
import { describe, expect, it } from 'vitest';
import { eventually } from './harness/eventually.js';
import { sharedSluice } from './harness/shared-sluice.js';

const sluice = sharedSluice();
const { gateway, apiKey } = sluice.run;
const options = { baseURL: `${gateway}/v1`, apiKey, maxRetries: 0 };
const before = new OpenAI(options);
const current = new OpenAICurrent(options) as unknown as OpenAI;
const WITHIN = { withinMs: 25_000, everyMs: 200 };
const OVER = ['completed', 'failed', 'expired', 'cancelled'];

interface Answered {
  custom_id: string;
  response: { status_code: number; request_id: string; body: Record<string, unknown> } | null;
  error: { code: string } | null;
}

async function upload(sdk: OpenAI, lines: readonly unknown[]): Promise<string> {
  const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
  return (await sdk.files.create({ file: await toFile(Buffer.from(text), 'lines.jsonl'), purpose: 'batch' })).id;
}

const line = (endpoint: string, id: string, body: object) => ({ custom_id: id, method: 'POST', url: endpoint, body });

async function start(sdk: OpenAI, endpoint: string, bodies: readonly object[]) {
  const input = await upload(
    sdk,
    bodies.map((body, number) => line(endpoint, `line-${number}`, body)),
  );
  return sdk.batches.create({ input_file_id: input, endpoint: endpoint as never, completion_window: '24h' });
}

const ended = (sdk: OpenAI, id: string) =>
  eventually(
    'the batch ends',
    async () => {
      const batch = await sdk.batches.retrieve(id);
      return OVER.includes(batch.status) && batch;
    },
    WITHIN,
  );

async function read(sdk: OpenAI, fileId: string | undefined): Promise<Answered[]> {
  const text = await (await sdk.files.content(fileId ?? '')).text();
  return text
    .trimEnd()
    .split('\n')
    .map((each) => JSON.parse(each) as Answered);
}

const chat = (text: string, model = 'sim-chat') => ({ model, messages: [{ role: 'user', content: text }] });

describe.each([
  ['the SDK before', before],
  ['the current SDK', current],
])('with %s', (_name, sdk) => {
  it('20 chats are answered once each, in order', async () => {
    const bodies = Array.from({ length: 20 }, (_, number) => chat(`say ${number}`));
    const created = await start(sdk, '/v1/chat/completions', bodies);
    expect(created).toMatchObject({ object: 'batch', status: 'validating', completion_window: '24h' });
    const batch = await ended(sdk, created.id);
    expect(batch).toMatchObject({
      status: 'completed',
      model: 'sim-chat',
      request_counts: { total: 20, completed: 20, failed: 0 },
      error_file_id: null,
    });
    const answers = await read(sdk, batch.output_file_id);
    expect(answers.map((answer) => answer.custom_id)).toEqual(bodies.map((_, number) => `line-${number}`));
    expect(answers.every(({ response }) => response?.status_code === 200)).toBe(true);
    expect(answers[7]?.response?.body).toMatchObject({ object: 'chat.completion' });
    expect(await sdk.files.retrieve(batch.output_file_id ?? '')).toMatchObject({ purpose: 'batch_output' });
    const listed: string[] = [];
    for await (const { id } of sdk.batches.list({ limit: 1 })) if (listed.push(id) && id === batch.id) break;
    expect(listed).toContain(batch.id);
  });
});

describe('a batch', () => {
  it.each<[string, object[], (body: Record<string, unknown>) => void]>([
    ['/v1/responses', [{ model: 'sim-chat', input: 'hello' }], (body) => expect(body['status']).toBe('completed')],
    [
      '/v1/responses',
      [{ model: 'sim-chat', input: 'hello', background: true }],
      (body) => expect(body['status']).toBe('completed'),
    ],
    ['/v1/embeddings', [{ model: 'sim-embedding', input: 'hello' }], (body) => expect(body['object']).toBe('list')],
    [
      '/v1/videos',
      [{ model: 'sim-video', prompt: 'a film [[sim:queueMs=0,videoMs=100]]' }],
      (body) => expect(body).toMatchObject({ object: 'video', status: 'completed' }),
    ],
    [
      '/v1/images/generations',
      [{ model: 'sim-image', prompt: 'a picture' }],
      (body) => expect(body['data']).toHaveLength(1),
    ],
  ])('of %s', async (endpoint, bodies, check) => {
    const { id } = await start(before, endpoint, bodies);
    const batch = await ended(before, id);
    expect(batch).toMatchObject({ status: 'completed', request_counts: { total: 1, completed: 1, failed: 0 } });
    const [answer] = await read(before, batch.output_file_id);
    check(answer?.response?.body ?? {});
  });

  it('tells the failures of its lines apart', async () => {
    const { id } = await start(before, '/v1/chat/completions', [
      chat('hello'),
      { ...chat('hello'), messages: 'wrong' },
      { ...chat('hello'), stream: true },
    ]);
    const batch = await ended(before, id);
    expect(batch).toMatchObject({ status: 'completed', request_counts: { total: 3, completed: 1, failed: 2 } });
    expect(await read(before, batch.error_file_id)).toMatchObject([
      { custom_id: 'line-1', response: { status_code: 400, body: { error: { param: 'messages' } } } },
      { custom_id: 'line-2', response: { status_code: 400, body: { error: { param: 'stream' } } } },
    ]);
  });

  it('is refused whole by a wrong file, line by line', async () => {
    const path = '/v1/chat/completions';
    const good = line(path, 'a', chat('x'));
    const input = await upload(before, [
      good,
      '{"custom_id":',
      good,
      line('/v1/embeddings', 'b', chat('x')),
      line(path, 'c', chat('x', 'another')),
      { ...good, custom_id: undefined },
    ]);
    const { id } = await before.batches.create({ input_file_id: input, endpoint: path, completion_window: '24h' });
    const batch = await ended(before, id);
    expect(batch.status).toBe('failed');
    expect(batch.errors?.data?.map((problem) => [problem.line, problem.code, problem.param])).toEqual([
      [2, 'invalid_json_line', null],
      [3, 'duplicate_custom_id', 'custom_id'],
      [4, 'mismatched_url', 'url'],
      [5, 'mismatched_model', 'body.model'],
      [6, 'missing_required_parameter', 'custom_id'],
    ]);
  });

  it('is cancelled, and tells what was not made', async () => {
    const bodies = Array.from({ length: 60 }, () => chat('slowly [[sim:firstByteDelayMs=2000]]'));
    const { id } = await start(before, '/v1/chat/completions', bodies);
    await eventually('it runs', async () => (await before.batches.retrieve(id)).status === 'in_progress', WITHIN);
    expect(await before.batches.cancel(id)).toMatchObject({ id, status: 'cancelling' });
    const batch = await ended(before, id);
    expect(batch).toMatchObject({ status: 'cancelled', cancelled_at: expect.any(Number) });
    const codes = (await read(before, batch.error_file_id)).map(({ error }) => error?.code);
    expect(codes.length).toBe(60 - (batch.request_counts?.completed ?? 0));
    expect(new Set(codes)).toEqual(new Set(['batch_cancelled']));
    expect(await before.batches.cancel(id)).toMatchObject({ status: 'cancelled' });
  });

  it('of another is not there; what makes no sense is told by its field', async () => {
    const { key } = await sluice.admin.createKey('another');
    const other = new OpenAI({ ...options, apiKey: key });
    const { id } = await start(other, '/v1/chat/completions', [chat('x')]);
    await expect(before.batches.retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(before.batches.cancel(id)).rejects.toMatchObject({ status: 404 });
    const input = await upload(other, [line('/v1/chat/completions', 'a', chat('x'))]);
    const create = (body: object, sdk = before) =>
      sdk.batches.create({ input_file_id: input, endpoint: '/v1/responses', completion_window: '24h', ...body });
    await expect(create({})).rejects.toMatchObject({ status: 404, param: 'input_file_id' });
    await expect(create({ endpoint: '/v1/completions' }, other)).rejects.toMatchObject({
      status: 400,
      param: 'endpoint',
    });
    await expect(create({ completion_window: '1h' }, other)).rejects.toMatchObject({ param: 'completion_window' });
    await expect(before.batches.list({ after: 'x' })).rejects.toMatchObject({ status: 400, param: 'after' });
  });
});
