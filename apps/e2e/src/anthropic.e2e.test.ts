import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { sharedSluice } from './harness/shared-sluice.js';
import { unique } from './harness/unique.js';

const sluice = sharedSluice();
const { gateway, apiKey } = sluice.run;

/** Never tries again by itself: a test sees the first answer. */
function sdk(options: ConstructorParameters<typeof Anthropic>[0] = {}): Anthropic {
  return new Anthropic({ baseURL: gateway, apiKey, authToken: null, maxRetries: 0, ...options });
}

const anthropic = sdk();

type Body = Anthropic.MessageCreateParamsNonStreaming;

function body(content: Anthropic.MessageParam['content'], extras: Partial<Body> = {}): Body {
  return { model: 'sim-chat', max_tokens: 1_000, messages: [{ role: 'user', content }], ...extras };
}

function tool(name: string): Anthropic.Tool {
  return { name, input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } };
}

const TOOLS = [tool('weather'), tool('time')];
const PIXEL = Buffer.alloc(68, 1).toString('base64');

/** With a credential of its own, so that what goes wrong with it troubles no other test. */
async function troubled(prompt: string): Promise<Body> {
  const { model } = await sluice.admin.createModel();
  return body(prompt, { model });
}

async function failureOf(run: Promise<unknown>): Promise<InstanceType<typeof Anthropic.APIError>> {
  const thrown: unknown = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof Anthropic.APIError) return thrown;
  throw new Error(`no failure: ${String(thrown)}`);
}

describe('with the SDK', () => {
  it('a message is answered, with its usage, model and request id', async () => {
    const { data, response, request_id } = await anthropic.messages.create(body('hello there')).withResponse();
    expect(data).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'sim-chat',
      stop_reason: 'end_turn',
      usage: { input_tokens: 2, output_tokens: 5 },
    });
    expect(data.id).toMatch(/^msg_/);
    expect(data.content).toMatchObject([{ type: 'text', text: 'Simulated reply to: hello there' }]);
    expect(request_id).toMatch(/^req_/);
    expect(response.headers.get('x-sluice-model')).toBe('sim-chat');
  });

  it('the streaming helper gathers the same message', async () => {
    const message = await anthropic.messages.stream(body('hello there')).finalMessage();
    expect(message).toMatchObject({
      stop_reason: 'end_turn',
      content: [{ text: 'Simulated reply to: hello there' }],
      usage: { input_tokens: 2, output_tokens: 5 },
    });
  });

  it.each(['', ',interleave-tools'])('parallel tool calls arrive whole, plain and streamed%s', async (markers) => {
    const asked = body(`both please [[sim:tools=3${markers}]]`, { tools: TOOLS });
    for (const message of await Promise.all([
      anthropic.messages.create(asked),
      anthropic.messages.stream(asked).finalMessage(),
    ])) {
      const calls = message.content.filter((block) => block.type === 'tool_use');
      expect(message.stop_reason).toBe('tool_use');
      expect(calls.map(({ name }) => name)).toEqual(['weather', 'time', 'weather']);
      expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
      for (const { input } of calls) expect(input).toHaveProperty('city');
    }
  });

  it('an agent goes through ten turns of thinking, calling, answering', async () => {
    const messages: Anthropic.MessageParam[] = [];
    for (let turn = 1; turn <= 10; turn += 1) {
      messages.push({
        role: 'user',
        content: [{ type: 'text', text: `turn ${turn}`, cache_control: { type: 'ephemeral' } }],
      });
      const asked = await anthropic.messages
        .stream({ ...body(''), model: 'sim-reasoner', system: 'You are an agent.', tools: TOOLS, messages })
        .finalMessage();
      expect(asked.content.map(({ type }) => type)).toEqual(['thinking', 'tool_use']);
      const calls = asked.content.filter((block) => block.type === 'tool_use');
      const results = calls.map(({ id }) => ({
        type: 'tool_result' as const,
        tool_use_id: id,
        content: `snow ${turn}`,
      }));
      messages.push({ role: 'assistant', content: asked.content }, { role: 'user', content: results });
      const answered = await anthropic.messages
        .stream({ ...body(''), model: 'sim-reasoner', tools: TOOLS, messages })
        .finalMessage();
      expect(answered.stop_reason).toBe('end_turn');
      expect(answered.content.at(-1)).toMatchObject({ type: 'text', text: expect.stringContaining(`snow ${turn}`) });
      messages.push({ role: 'assistant', content: answered.content });
    }
    expect(messages).toHaveLength(40);
  });

  it('an image goes in', async () => {
    const image = {
      type: 'image' as const,
      source: { type: 'base64' as const, media_type: 'image/png' as const, data: PIXEL },
    };
    const { content } = await anthropic.messages.create(
      body([{ type: 'text', text: 'what is it?' }, image], { model: 'sim-vision' }),
    );
    expect(content[0]).toMatchObject({ text: 'Simulated reply to: what is it? [image image/png 68 bytes]' });
  });

  it('models are listed in pages and found one by one', async () => {
    const ids: string[] = [];
    for await (const { id, type } of anthropic.models.list({ limit: 1 })) ids.push(`${type} ${id}`);
    expect(ids).toEqual(expect.arrayContaining(['model sim-chat', 'model sim-reasoner']));
    expect(await anthropic.models.retrieve('sim-chat')).toMatchObject({
      type: 'model',
      id: 'sim-chat',
      display_name: 'sim-chat',
    });
    expect(await failureOf(anthropic.models.retrieve('nope'))).toBeInstanceOf(Anthropic.NotFoundError);
  });

  it('a cache is warmed without an answer', async () => {
    expect(await anthropic.messages.create(body('hello', { max_tokens: 0 }))).toMatchObject({
      content: [],
      stop_reason: 'max_tokens',
    });
  });

  it('the beta client and the aliases under /api answer as well', async () => {
    expect(await anthropic.beta.messages.create(body('hi'))).toMatchObject({ stop_reason: 'end_turn' });
    expect(await sdk({ baseURL: `${gateway}/api` }).messages.create(body('hi'))).toMatchObject({
      stop_reason: 'end_turn',
    });
    expect((await sluice.bareCall('/', { method: 'HEAD' })).status).toBe(200);
  });

  it('the newer version has no sampling', async () => {
    const newer = sdk({ defaultHeaders: { 'anthropic-version': '2026-10-21' } });
    expect(await newer.messages.create(body('hi'))).toMatchObject({ stop_reason: 'end_turn' });
    const error = await failureOf(newer.messages.create(body('hi', { temperature: 1 })));
    expect([error.status, error.message]).toEqual([
      400,
      expect.stringContaining('temperature: Extra inputs are not permitted'),
    ]);
  });
});

it('pain point 3: idle streams are kept open by events', async () => {
  const asked = { ...body('[[sim:first-event-delay-ms=4000]]'), stream: true };
  const { text } = await sluice.call('/v1/messages', { body: asked });
  expect(text).toContain('event: ping\ndata: {"type":"ping"}\n\n');
  expect(text.trimEnd()).toMatch(/event: message_stop\ndata: \{"type":"message_stop"\}$/);
});

it.each([true, false])('pain point 5: an error told with status 200 is an error (streamed: %s)', async (stream) => {
  const error = await failureOf(anthropic.messages.create({ ...(await troubled('[[sim:error-in-200]]')), stream }));
  expect(error.status).toBeGreaterThanOrEqual(400);
  expect(error.error).toMatchObject({ type: 'error', error: { type: expect.stringMatching(/_error$/) } });
});

it.each([
  [400, 'invalid_request_error', 400],
  [401, 'api_error', 502],
  [429, 'rate_limit_error', 429],
  [500, 'api_error', 502],
  [503, 'overloaded_error', 529],
])('an upstream that answers %i is told as %s', async (status, type, expected) => {
  const asked = await troubled(`[[sim:status=${status}]]`);
  const error = await failureOf(anthropic.messages.create(asked, { headers: { 'x-sluice-deadline-ms': '1500' } }));
  expect([error.status, error.type]).toEqual([expected, type]);
  expect(error.requestID).toMatch(/^req_/);
});

it('an error inside a stream is thrown', async () => {
  const error = await failureOf(
    anthropic.messages.stream(await troubled('[[sim:chunks=9,error-after=4]]')).finalMessage(),
  );
  expect(error.error).toMatchObject({ type: 'error', request_id: expect.stringMatching(/^req_/) });
});

it('pain point 11: who leaves a stream stops the work upstream', async () => {
  const prompt = unique('leave');
  const stream = anthropic.messages.stream(body(`${prompt} [[sim:chunks=200,chunk-delay-ms=50]]`));
  stream.on('text', () => stream.abort());
  await stream.done().catch(() => undefined);
  await sluice.simulator.waitFor('aborted', { prompt });
});

it.each<[string, Record<string, string>]>([
  ['x-api-key', { 'x-api-key': apiKey }],
  ['Authorization: Bearer', { authorization: `Bearer ${apiKey}` }],
  ['an empty x-api-key beside a Bearer', { 'x-api-key': '', authorization: `Bearer ${apiKey}` }],
])('pain point 12: the key is taken from %s', async (_name, headers) => {
  const answer = await sluice.bareCall('/v1/messages', { body: body('hi'), headers });
  expect([answer.status, answer.headers['request-id']]).toEqual([200, expect.stringMatching(/^req_/)]);
});

it('a wrong key is refused in this dialect', async () => {
  const error = await failureOf(sdk({ apiKey: 'sk-wrong' }).messages.create(body('hi')));
  expect(error).toBeInstanceOf(Anthropic.AuthenticationError);
  expect(error.type).toBe('authentication_error');
});

it('pain point 13: tokens are counted here, system and tools included, and no upstream is asked', async () => {
  const prompt = unique('count');
  const conversation = { model: 'sim-chat', messages: [{ role: 'user' as const, content: prompt }] };
  const [bare, full] = await Promise.all([
    anthropic.messages.countTokens(conversation),
    anthropic.messages.countTokens({ ...conversation, system: 'word '.repeat(100), tools: TOOLS }),
  ]);
  expect(bare.input_tokens).toBeGreaterThan(0);
  expect(full.input_tokens).toBeGreaterThan(bare.input_tokens + 200);
  expect((await sluice.simulator.requests({ prompt })).counts.received).toBe(0);
});

it('pain point 18: the model that really ran is named', async () => {
  const alias = unique('alias');
  const routed = await sluice.admin.call('PUT', `/routes/${alias}`, {
    targets: [{ upstream: 'openai', model: 'sim-chat' }],
    strategy: 'priority',
  });
  expect(routed.status).toBeLessThan(300);
  const { model } = await anthropic.messages.create(body('hi', { model: alias }));
  expect(model).toBe('sim-chat');
});
