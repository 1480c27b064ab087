import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../start-simulator.js';

let simulator: Simulator;
let client: OpenAI;

beforeAll(async () => {
  simulator = await startSimulator();
  client = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: 'sk-test-abcd', maxRetries: 0 });
});
afterAll(() => simulator.close());

type Extras = Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>;

function ask(content: OpenAI.ChatCompletionUserMessageParam['content'], extras: Extras = {}) {
  return client.chat.completions.create({ model: 'sim-chat', messages: [{ role: 'user', content }], ...extras });
}

function stream(content: string, extras: Omit<Extras, 'stream'> = {}) {
  return client.chat.completions.stream({ model: 'sim-chat', messages: [{ role: 'user', content }], ...extras });
}

const weatherTool: OpenAI.ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'weather',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

describe('plain chat', () => {
  it('quotes the prompt, with usage', async () => {
    const { choices, usage, object } = await ask('hello there');
    expect(object).toBe('chat.completion');
    expect(choices).toMatchObject([
      { message: { role: 'assistant', content: 'Simulated reply to: hello there' }, finish_reason: 'stop' },
    ]);
    expect(usage).toMatchObject({ prompt_tokens: 2, completion_tokens: 5, total_tokens: 7 });
  });

  it('gives n choices', async () => {
    const { choices } = await ask('hi', { n: 3 });
    expect(choices.map((choice) => choice.index)).toEqual([0, 1, 2]);
    expect(choices[2]?.message.content).toBe('Simulated reply 3 to: hi');
  });

  it('stops at the token limit and at stop sequences', async () => {
    const limited = await ask('one two three', { max_completion_tokens: 4 });
    expect(limited.choices[0]).toMatchObject({
      finish_reason: 'length',
      message: { content: 'Simulated reply to: one' },
    });
    const stopped = await ask('one two three', { stop: [' two'] });
    expect(stopped.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: 'Simulated reply to: one' },
    });
  });

  it('reasons with the reasoner only', async () => {
    const reasoned = await ask('hi', { model: 'sim-reasoner' });
    expect(reasoned.choices[0]?.message).toHaveProperty('reasoning_content', expect.stringContaining('Thinking'));
    expect(reasoned.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0);
    expect((await ask('hi')).choices[0]?.message).not.toHaveProperty('reasoning_content');
  });

  it('tells media type and size of an image', async () => {
    const url = `data:image/png;base64,${Buffer.alloc(68, 1).toString('base64')}`;
    const { choices } = await ask([
      { type: 'text', text: 'what is it?' },
      { type: 'image_url', image_url: { url } },
    ]);
    expect(choices[0]?.message.content).toBe('Simulated reply to: what is it? [image image/png 68 bytes]');
  });

  it('answers in JSON when asked', async () => {
    const anyObject = await ask('hi', { response_format: { type: 'json_object' } });
    expect(JSON.parse(anyObject.choices[0]?.message.content ?? '')).toEqual({ reply: 'Simulated reply to: hi' });
    const schema = { type: 'object', properties: { age: { type: 'integer' } } };
    const shaped = await ask('hi', {
      response_format: { type: 'json_schema', json_schema: { name: 'person', schema } },
    });
    expect(JSON.parse(shaped.choices[0]?.message.content ?? '')).toEqual({ age: 1 });
  });

  it('echoes the request', async () => {
    const { choices } = await ask('[[sim:echo-request]]', { temperature: 0.3, tools: [weatherTool] });
    expect(JSON.parse(choices[0]?.message.content ?? '')).toMatchObject({
      model: 'sim-chat',
      temperature: 0.3,
      tools: [weatherTool],
    });
  });
});

describe('streamed chat', () => {
  it('sends as many text chunks as asked, then usage', async () => {
    const streamed = await client.chat.completions.create({
      model: 'sim-chat',
      stream: true,
      stream_options: { include_usage: true },
      messages: [{ role: 'user', content: 'hi [[sim:chunks=20]]' }],
    });
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of streamed) chunks.push(chunk);
    expect(chunks.filter((chunk) => chunk.choices[0]?.delta.content)).toHaveLength(20);
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
    expect(chunks.at(-2)?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: 20 } });
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
  });

  it('streams the same text as the plain call gives', async () => {
    const streamed = await stream('tell me', { n: 2 }).finalChatCompletion();
    const plain = await ask('tell me', { n: 2 });
    expect(streamed.choices.map((choice) => choice.message.content)).toEqual(
      plain.choices.map((choice) => choice.message.content),
    );
  });

  it.each(['crlf', 'split-utf8', 'comments', 'no-done', 'single-write', 'no-space', 'single-chunk'])(
    'stays readable with %s',
    async (marker) => {
      const text = await stream(`déjà 🦊 [[sim:${marker}]]`).finalContent();
      expect(text).toContain('Simulated reply to: déjà 🦊');
    },
  );

  it('ends in an error where asked', async () => {
    const running = stream('hi [[sim:error-in-stream=2,error-code=boom]]');
    await expect(running.done()).rejects.toMatchObject({ code: 'boom', status: undefined });
  });

  it('breaks when cut', async () => {
    await expect(stream('hi [[sim:cut]]').done()).rejects.toThrow();
  });
});

describe('tools', () => {
  it.each(['', ',interleave-tools'])('calls in parallel, with arguments that parse%s', async (more) => {
    const completion = await stream(`weather? [[sim:tools=3${more}]]`, { tools: [weatherTool] }).finalChatCompletion();
    const calls = completion.choices[0]?.message.tool_calls ?? [];
    expect(completion.choices[0]?.finish_reason).toBe('tool_calls');
    expect(new Set(calls.map((call) => call.id)).size).toBe(3);
    for (const call of calls) {
      if (call.type !== 'function') throw new Error('expected a function call');
      expect(call.function.name).toBe('weather');
      expect(JSON.parse(call.function.arguments)).toEqual({ city: 'simulated city' });
    }
  });

  it('heeds tool_choice and parallel_tool_calls', async () => {
    const none = await ask('hi', { tools: [weatherTool], tool_choice: 'none' });
    expect(none.choices[0]?.finish_reason).toBe('stop');
    const single = await ask('hi [[sim:tools=3]]', { tools: [weatherTool], parallel_tool_calls: false });
    expect(single.choices[0]?.message.tool_calls).toHaveLength(1);
  });

  it('quotes the results it is given', async () => {
    const first = await ask('weather?', { tools: [weatherTool] });
    const call = first.choices[0]?.message;
    if (call?.tool_calls?.[0] === undefined) throw new Error('expected a call');
    const { choices } = await client.chat.completions.create({
      model: 'sim-chat',
      tools: [weatherTool],
      messages: [
        { role: 'user', content: 'weather?' },
        call,
        { role: 'tool', tool_call_id: call.tool_calls[0].id, content: 'sunny' },
      ],
    });
    expect(choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: expect.stringContaining('"sunny"') },
    });
  });
});

describe('embeddings', () => {
  it('gives the same unit vectors in base64 and in floats', async () => {
    const packed = await client.embeddings.create({ model: 'sim-embedding', input: ['a', 'b'] });
    const plain = await client.embeddings.create({
      model: 'sim-embedding',
      input: ['a', 'b'],
      encoding_format: 'float',
    });
    expect(packed.data).toEqual(plain.data);
    expect(packed.data[0]?.embedding).toHaveLength(256);
    expect(packed.data[0]?.embedding).not.toEqual(packed.data[1]?.embedding);
    expect(Math.hypot(...(packed.data[0]?.embedding ?? []))).toBeCloseTo(1, 5);
  });

  it.each([
    ['text', 1],
    [['a', 'b'], 2],
    [[1, 2, 3], 1],
    [[[1, 2], [3]], 2],
  ] as const)('takes %j', async (input, count) => {
    const asMutable: OpenAI.EmbeddingCreateParams['input'] = JSON.parse(JSON.stringify(input));
    const { data } = await client.embeddings.create({
      model: 'sim-embedding',
      input: asMutable,
      dimensions: 8,
      encoding_format: 'float',
    });
    expect(data.map((item) => item.embedding.length)).toEqual(Array.from({ length: count }, () => 8));
  });
});

describe('models and errors', () => {
  it('lists models labelled as simulated', async () => {
    const { data } = await client.models.list();
    expect(data.map((model) => model.id)).toEqual([
      'sim-chat',
      'sim-reasoner',
      'sim-vision',
      'sim-embedding',
      'sim-speech',
      'sim-transcribe',
      'sim-image',
      'omni-moderation-latest',
    ]);
    expect((await client.models.retrieve('vendor/name')).id).toBe('vendor/name');
  });

  it.each([
    ['missing-model', 'hi', OpenAI.NotFoundError, 404, 'model_not_found'],
    [
      'sim-chat',
      'hi [[sim:status=400,error-code=context_length_exceeded]]',
      OpenAI.BadRequestError,
      400,
      'context_length_exceeded',
    ],
    ['sim-chat', 'hi [[sim:status=401]]', OpenAI.AuthenticationError, 401, 'invalid_api_key'],
    ['sim-chat', 'hi [[sim:status=403]]', OpenAI.PermissionDeniedError, 403, null],
    ['sim-chat', 'hi [[sim:status=409]]', OpenAI.ConflictError, 409, null],
    [
      'sim-chat',
      'hi [[sim:status=429,error-code=insufficient_quota]]',
      OpenAI.RateLimitError,
      429,
      'insufficient_quota',
    ],
    ['sim-chat', 'hi [[sim:status=503]]', OpenAI.InternalServerError, 503, 'server_is_overloaded'],
    ['sim-chat', 'hi [[sim:stattus=503]]', OpenAI.BadRequestError, 400, 'unknown_simulator_marker'],
  ] as const)('%s, %s', async (model, prompt, errorClass, status, code) => {
    const error: unknown = await ask(prompt, { model }).then(
      () => undefined,
      (failure: unknown) => failure,
    );
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ status, code });
  });

  it('recovers once the failing times are over', async () => {
    const patient = client.withOptions({ maxRetries: 2 });
    const { choices } = await patient.chat.completions.create({
      model: 'sim-chat',
      messages: [{ role: 'user', content: 'again [[sim:status=500,retry-after-ms=1,fail-times=2]]' }],
    });
    expect(choices[0]?.message.content).toBe('Simulated reply to: again');
  });
});
