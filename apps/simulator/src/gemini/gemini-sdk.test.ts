import {
  ApiError,
  FunctionCallingConfigMode,
  GoogleGenAI,
  type Content,
  type GenerateContentConfig,
} from '@google/genai';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../start-simulator.js';

const KEY = 'sim-key-abcd';
const MODEL = 'sim-gemini-3.5-flash';
let simulator: Simulator;
let client: GoogleGenAI;

beforeAll(async () => {
  simulator = await startSimulator();
  client = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: `${simulator.url}/gemini` } });
});
afterAll(() => simulator.close());
afterEach(() => control('reset', {}));

function control(name: string, body: unknown) {
  return fetch(`${simulator.url}/__control/${name}`, { method: 'POST', body: JSON.stringify(body) });
}

function ask(contents: string | Content[], config: GenerateContentConfig = {}, model = MODEL) {
  return client.models.generateContent({ model, contents, config });
}

async function stream(contents: string, config: GenerateContentConfig = {}, model = MODEL) {
  const events = [];
  for await (const event of await client.models.generateContentStream({ model, contents, config })) events.push(event);
  return events;
}

/** Without the SDK, which would refuse or mend some requests by itself. */
async function post(body: unknown, call = `${MODEL}:generateContent`, key = KEY) {
  const response = await fetch(`${simulator.url}/gemini/v1beta/models/${call}`, {
    method: 'POST',
    headers: { 'x-goog-api-key': key },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text };
}

async function refused(run: Promise<unknown>): Promise<{ status: number; message: string }> {
  const thrown: unknown = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof ApiError) return { status: thrown.status, message: thrown.message };
  throw new Error(`not refused: ${String(thrown)}`);
}

const weather = {
  name: 'weather',
  parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const tools = [{ functionDeclarations: [weather, { ...weather, name: 'time' }] }];

describe('replies', () => {
  it('quote the prompt, with thoughts counted beside', async () => {
    const reply = await ask('hello there');
    expect(reply.text).toBe('Simulated reply to: hello there');
    expect(reply.candidates?.[0]?.finishReason).toBe('STOP');
    expect(reply.usageMetadata).toMatchObject({
      promptTokenCount: 2,
      candidatesTokenCount: 5,
      thoughtsTokenCount: 10,
      totalTokenCount: 17,
    });
  });

  it('come as events whose usage grows, with a signature alone in the last', async () => {
    const events = await stream('one two', { thinkingConfig: { includeThoughts: true } });
    expect(events.map(({ text }) => text ?? '').join('')).toBe('Simulated reply to: one two');
    const [first] = events;
    expect(first?.candidates?.[0]?.content?.parts?.[0]).toMatchObject({ thought: true });
    expect(first?.candidates?.[0]).not.toHaveProperty('index');
    expect(first?.usageMetadata).not.toHaveProperty('candidatesTokenCount');
    const last = events.at(-1);
    expect(last?.candidates?.[0]).toMatchObject({
      finishReason: 'STOP',
      content: { parts: [{ text: '', thoughtSignature: expect.any(String) }] },
    });
    expect(last?.usageMetadata).toMatchObject({ candidatesTokenCount: 5, thoughtsTokenCount: 10, totalTokenCount: 17 });
  });

  it('end their lines in CR LF, and come as one list without alt=sse', async () => {
    const body = { contents: { parts: { text: 'hi' } } };
    const events = await post(body, `${MODEL}:streamGenerateContent?alt=sse`);
    expect(
      events.text
        .split('\r\n\r\n')
        .filter(Boolean)
        .every((event) => event.startsWith('data: {')),
    ).toBe(true);
    const list = await post(body, `${MODEL}:streamGenerateContent`);
    expect(JSON.parse(list.text)).toHaveLength(5);
  });

  it('obey limits, schemas and the built-in tools', async () => {
    expect((await ask('one two', { maxOutputTokens: 4 })).candidates?.[0]?.finishReason).toBe('MAX_TOKENS');
    const schema = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };
    const json = await ask('x', { responseMimeType: 'application/json', responseJsonSchema: schema });
    expect(JSON.parse(json.text ?? '')).toEqual({ name: 'simulated name' });
    const found = await ask('größte', { tools: [{ googleSearch: {} }] });
    const [candidate] = found.candidates ?? [];
    expect(candidate?.groundingMetadata?.groundingSupports?.[0]?.segment?.endIndex).toBe(
      Buffer.byteLength(found.text ?? ''),
    );
  });

  it('describe what is attached', async () => {
    const inlineData = { mimeType: 'image/png', data: Buffer.alloc(68, 1).toString('base64') };
    const { text } = await ask([{ role: 'user', parts: [{ text: 'what?' }, { inlineData }] }]);
    expect(text).toBe('Simulated reply to: what? [image image/png 68 bytes]');
  });

  it('a blocked prompt has feedback and no candidates; other ends are told', async () => {
    expect(await ask('[[sim:block=SAFETY]]')).toMatchObject({ promptFeedback: { blockReason: 'SAFETY' } });
    expect((await ask('[[sim:finish=RECITATION]]')).candidates?.[0]?.finishReason).toBe('RECITATION');
  });
});

describe('calls', () => {
  it('are signed at the first of each step, which has to come back', async () => {
    const contents: Content[] = [{ role: 'user', parts: [{ text: 'go [[sim:tools=2]]' }] }];
    const asked = await ask(contents, { tools });
    const parts = asked.candidates?.[0]?.content?.parts ?? [];
    expect(parts).toMatchObject([
      { functionCall: { id: expect.any(String), name: 'weather' }, thoughtSignature: expect.any(String) },
      { functionCall: { id: expect.any(String), name: 'time' } },
    ]);
    const results = ['weather', 'time'].map((name) => ({ functionResponse: { name, response: { output: 'snow' } } }));
    const answered = await ask([...contents, { role: 'model', parts }, { role: 'user', parts: results }], { tools });
    expect(answered.text).toContain('weather: {"output":"snow"}');
    const [first, ...others] = parts;
    const unsigned = [{ functionCall: first?.functionCall }, ...others] as Content['parts'];
    const history = (own: Content['parts']): Content[] => [
      ...contents,
      { role: 'model', ...(own && { parts: own }) },
      { role: 'user', parts: results },
    ];
    expect(await refused(ask(history(unsigned), { tools }))).toMatchObject({
      status: 400,
      message: expect.stringContaining('missing a thought_signature'),
    });
    const forged = [{ ...first, thoughtSignature: 'QUJD' }, ...others];
    expect((await refused(ask(history(forged), { tools }))).message).toContain('not valid');
    const escaped = [{ ...first, thoughtSignature: 'skip_thought_signature_validator' }, ...others];
    expect((await ask(history(escaped), { tools })).text).toContain('snow');
    expect(
      await refused(ask([...history(parts).slice(0, 2), { role: 'user', parts: results.slice(1) }], { tools })),
    ).toMatchObject({
      message: expect.stringContaining('number of function response parts'),
    });
  });

  it('have no ids and no signatures on older models', async () => {
    const asked = await ask('go', { tools }, 'sim-gemini-2.5-flash');
    expect(asked.candidates?.[0]?.content?.parts).toEqual([
      { functionCall: { name: 'weather', args: { city: 'simulated city' } } },
    ]);
  });
});

describe('refusals', () => {
  const text = { contents: [{ parts: [{ text: 'x' }] }] };
  it.each<[string, unknown, string]>([
    ['an unknown name', { ...text, foo: 1 }, 'Unknown name "foo": Cannot find field.'],
    [
      'an unknown name inside',
      { ...text, generation_config: { max_tokens: 1 } },
      `Unknown name "max_tokens" at 'generation_config'`,
    ],
    ['no contents', {}, 'contents is not specified'],
    [
      'a part of two kinds',
      { contents: [{ parts: [{ text: 'x', inlineData: { mimeType: 'a/b', data: '' } }] }] },
      'already set',
    ],
    ['a strange role', { contents: [{ role: 'assistant', parts: [{ text: 'x' }] }] }, 'valid role'],
    [
      'a schema word',
      {
        ...text,
        tools: [{ functionDeclarations: [{ name: 'f', parameters: { type: 'object', additionalProperties: false } }] }],
      },
      'additionalProperties',
    ],
    [
      'a list without items',
      {
        ...text,
        tools: [
          {
            functionDeclarations: [
              { name: 'f', parameters: { type: 'OBJECT', properties: { folders: { type: 'ARRAY' } } } },
            ],
          },
        ],
      },
      'parameters.properties[folders].items: missing field.',
    ],
    [
      'a reply schema word',
      {
        ...text,
        generationConfig: {
          responseMimeType: 'application/json',
          responseJsonSchema: { type: 'string', pattern: 'a' },
        },
      },
      'pattern',
    ],
    [
      'a budget beside a level',
      { ...text, generationConfig: { thinkingConfig: { thinkingBudget: 9, thinkingLevel: 'LOW' } } },
      'only one',
    ],
    [
      'no thinking at all',
      { ...text, generationConfig: { thinkingConfig: { thinkingBudget: 0 } } },
      'Budget 0 is invalid',
    ],
    ['bad sampling', { ...text, generationConfig: { temperature: 3 } }, 'generation_config.temperature'],
  ])('%s', async (_name, body, message) => {
    const reply = await post(body);
    expect(reply.status).toBe(400);
    expect(JSON.parse(reply.text)).toMatchObject({
      error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringContaining(message) },
    });
  });

  it('thinking and mixed tools on older models', async () => {
    const config = { thinkingConfig: { includeThoughts: true } };
    expect((await refused(ask('x', config, 'sim-gemini-2.0-flash'))).message).toContain('Thinking is not enabled');
    const mixed = { tools: [...tools, { googleSearch: {} }] };
    expect((await refused(ask('x', mixed, 'sim-gemini-2.5-flash'))).message).toContain('unsupported');
    const named = {
      tools,
      toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.AUTO, allowedFunctionNames: ['time'] } },
    };
    expect((await refused(ask('x', named))).status).toBe(400);
  });
});

describe('errors', () => {
  it.each([
    ['status=400,error-code=key-invalid', 400, 'API_KEY_INVALID'],
    ['status=400,error-code=region', 400, 'User location'],
    ['status=403,error-code=leaked', 403, 'leaked'],
    ['status=429,error-code=per-minute', 429, '"56s"'],
    ['status=429,error-code=per-day,retry-after=0', 429, '"0s"'],
    ['status=429,error-code=limit-zero', 429, 'limit: 0'],
    ['status=503,error-code=overloaded', 503, 'overloaded'],
  ])('%s', async (marker, status, part) => {
    const reply = await post({ contents: [{ parts: [{ text: `[[sim:${marker}]]` }] }] });
    expect(reply.status).toBe(status);
    expect(reply.text).toContain(part);
    expect(reply.headers.get('retry-after')).toBeNull();
  });

  it('of keys, models and a missing key', async () => {
    await control('keys', { key: KEY, state: 'expired' });
    expect((await refused(ask('x'))).message).toContain('API key expired');
    await control('reset', {});
    expect((await refused(ask('x', {}, 'missing-model'))).status).toBe(404);
    expect((await post({}, `${MODEL}:generateContent`, '')).status).toBe(403);
    const late = await post({}, 'missing-x:streamGenerateContent?alt=sse');
    expect(late.headers.get('content-type')).toBe('text/event-stream');
  });

  it('inside a stream are bare JSON', async () => {
    const body = { contents: [{ parts: [{ text: 'a b c [[sim:error-in-stream=1,status=200]]' }] }] };
    const { text } = await post(body, `${MODEL}:streamGenerateContent?alt=sse`);
    expect(text.split('\r\n\r\n').at(-1)).toMatch(/^\{\s*"error"/);
  });

  it('of a quota that keys of one project share, for each model', async () => {
    await control('quotas', { keys: [KEY, 'sim-key-2'], limit: 1, windowMs: 60_000 });
    const call = (key: string, model = MODEL) =>
      post({ contents: [{ parts: [{ text: 'x' }] }] }, `${model}:generateContent`, key);
    expect((await call(KEY)).status).toBe(200);
    const second = await call('sim-key-2');
    expect(second.status).toBe(429);
    expect(second.text).toContain('GenerateRequestsPerMinutePerProjectPerModel-FreeTier');
    expect((await call(KEY, 'sim-gemini-2.5-flash')).status).toBe(200);
    expect((await call('sim-key-3')).status).toBe(200);
  });
});

it('counts tokens, embeds and lists models page by page', async () => {
  expect((await client.models.countTokens({ model: MODEL, contents: 'one two three' })).totalTokens).toBe(3);
  const { embeddings } = await client.models.embedContent({
    model: 'sim-gemini-embedding',
    contents: ['a', 'b'],
    config: { outputDimensionality: 8 },
  });
  expect(embeddings?.map(({ values }) => values?.length)).toEqual([8, 8]);
  const ids: (string | undefined)[] = [];
  for await (const model of await client.models.list({ config: { pageSize: 2 } })) ids.push(model.name);
  expect(ids).toContain('models/sim-gemini-2.0-flash');
  expect(new Set(ids).size).toBe(ids.length);
});
