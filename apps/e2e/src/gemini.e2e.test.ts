import {
  ApiError,
  type Content,
  type FunctionDeclaration,
  type GenerateContentConfig,
  type GenerateContentResponse,
  GoogleGenAI,
  Type,
} from '@google/genai';
import { describe, expect, it } from 'vitest';
import { sharedSluice } from './harness/shared-sluice.js';
import { unique } from './harness/unique.js';

const sluice = sharedSluice();
const { gateway, apiKey } = sluice.run;

function sdk(options: { path?: string; key?: string } = {}): GoogleGenAI {
  return new GoogleGenAI({
    apiKey: options.key ?? apiKey,
    httpOptions: { baseUrl: gateway + (options.path ?? '') },
  });
}

const google = sdk();
const PIXEL = Buffer.alloc(68, 1).toString('base64');

function asked(contents: string | Content[], config: GenerateContentConfig = {}, model = 'sim-chat') {
  return { model, contents, config };
}

function declaration(name: string): FunctionDeclaration {
  const city = { type: Type.STRING };
  return { name, parameters: { type: Type.OBJECT, properties: { city }, required: ['city'] } };
}

const TOOLS = [{ functionDeclarations: [declaration('weather'), declaration('time')] }];

async function gathered(stream: AsyncIterable<GenerateContentResponse>): Promise<GenerateContentResponse[]> {
  const responses: GenerateContentResponse[] = [];
  for await (const response of stream) responses.push(response);
  return responses;
}

async function failureOf(run: Promise<unknown>): Promise<{ status: number; error: Record<string, unknown> }> {
  const thrown: unknown = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof ApiError)) throw new Error(`no failure: ${String(thrown)}`);
  return {
    status: thrown.status,
    error: (JSON.parse(thrown.message.slice(thrown.message.indexOf('{'))) as { error: Record<string, unknown> }).error,
  };
}

describe('with the SDK', () => {
  it('a prompt is answered, with its usage and model', async () => {
    const response = await google.models.generateContent(asked('hello there'));
    expect(response.text).toBe('Simulated reply to: hello there');
    expect(response.candidates?.[0]).toMatchObject({ finishReason: 'STOP', index: 0, content: { role: 'model' } });
    expect(response.usageMetadata).toMatchObject({ promptTokenCount: 2, candidatesTokenCount: 5, totalTokenCount: 7 });
    expect(response.modelVersion).toBe('sim-chat');
    expect(response.responseId).toBeTruthy();
  });

  it('a stream says the same, piece by piece, and tells its end last', async () => {
    const responses = await gathered(await google.models.generateContentStream(asked('hello there')));
    expect(responses.map(({ text }) => text ?? '').join('')).toBe('Simulated reply to: hello there');
    expect(responses.map(({ candidates }) => candidates?.[0]?.finishReason).filter(Boolean)).toEqual(['STOP']);
    expect(responses.at(-1)?.usageMetadata).toMatchObject({ totalTokenCount: 7 });
  });

  it('a chat keeps its history', async () => {
    const chat = google.chats.create({ model: 'sim-chat' });
    await chat.sendMessage({ message: 'first' });
    const prompt = unique('second');
    await gathered(await chat.sendMessageStream({ message: prompt }));
    // The SDK makes a content of every event: to the upstream they are one answer.
    const { text } = await chat.sendMessage({ message: 'third' });
    expect(text).toBe('Simulated reply to: third');
    expect(chat.getHistory(true).map(({ role }) => role)).toEqual(expect.arrayContaining(['user', 'model']));
  });

  it('an agent goes through ten turns of thinking, calling, answering', async () => {
    const config = { tools: TOOLS, systemInstruction: 'You are an agent.', thinkingConfig: { includeThoughts: true } };
    const contents: Content[] = [];
    for (let turn = 1; turn <= 10; turn += 1) {
      contents.push({ role: 'user', parts: [{ text: `turn ${turn}` }] });
      const called = await gathered(await google.models.generateContentStream(asked(contents, config, 'sim-reasoner')));
      const parts = called.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
      const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
      expect(parts.some(({ thought }) => thought)).toBe(true);
      expect(calls).toHaveLength(1);
      expect(calls[0]?.id).toBeTruthy();
      contents.push({ role: 'model', parts });
      const results = calls.map(({ id, name }) => ({
        functionResponse: { ...(id !== undefined && { id }), name: name ?? '', response: { output: `snow ${turn}` } },
      }));
      contents.push({ role: 'user', parts: results });
      const answered = await google.models.generateContent(asked(contents, config, 'sim-reasoner'));
      expect(answered.text).toContain(`snow ${turn}`);
      contents.push(answered.candidates?.[0]?.content ?? {});
    }
    expect(contents).toHaveLength(40);
  });

  it('parallel calls arrive whole, plain and streamed', async () => {
    const prompt = asked('both please [[sim:tools=3,interleave-tools]]', { tools: TOOLS });
    const plain = await google.models.generateContent(prompt);
    const streamed = await gathered(await google.models.generateContentStream(prompt));
    for (const calls of [plain.functionCalls ?? [], streamed.flatMap(({ functionCalls }) => functionCalls ?? [])]) {
      expect(calls.map(({ name }) => name)).toEqual(['weather', 'time', 'weather']);
      expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
      for (const { args } of calls) expect(args).toHaveProperty('city');
    }
  });

  it('thoughts are told only to those who ask', async () => {
    const silent = await google.models.generateContent(asked('why', {}, 'sim-reasoner'));
    expect(silent.candidates?.[0]?.content?.parts?.some(({ thought }) => thought)).toBe(false);
    const config = { thinkingConfig: { includeThoughts: true } };
    const told = await google.models.generateContent(asked('why', config, 'sim-reasoner'));
    expect(told.candidates?.[0]?.content?.parts?.[0]).toMatchObject({ thought: true });
  });

  it.each([
    ['responseSchema', { responseSchema: { type: Type.OBJECT, properties: { city: { type: Type.STRING } } } }],
    ['responseJsonSchema', { responseJsonSchema: { type: 'object', properties: { city: { type: 'string' } } } }],
  ])('%s gives JSON', async (_name, schema) => {
    const config = { responseMimeType: 'application/json', ...schema };
    const { text } = await google.models.generateContent(asked('where', config));
    expect(JSON.parse(text ?? '')).toHaveProperty('city');
  });

  it('a picture goes in', async () => {
    const parts = [{ text: 'what is it?' }, { inlineData: { mimeType: 'image/png', data: PIXEL } }];
    const { text } = await google.models.generateContent(asked([{ role: 'user', parts }], {}, 'sim-vision'));
    expect(text).toBe('Simulated reply to: what is it? [image image/png 68 bytes]');
  });

  it('texts become vectors', async () => {
    const one = await google.models.embedContent({ model: 'sim-embedding', contents: 'a' });
    const two = await google.models.embedContent({ model: 'sim-embedding', contents: ['a', 'b'] });
    expect(two.embeddings).toHaveLength(2);
    expect(two.embeddings?.[0]?.values).toEqual(one.embeddings?.[0]?.values);
    const single = await sluice.call('/v1beta/models/sim-embedding:embedContent', {
      body: { content: { parts: [{ text: 'a' }] } },
    });
    expect(single.json()).toMatchObject({ embedding: { values: one.embeddings?.[0]?.values } });
  });

  it('models are listed in pages and found one by one', async () => {
    const names: (string | undefined)[] = [];
    for await (const { name } of await google.models.list({ config: { pageSize: 2 } })) names.push(name);
    expect(names).toEqual(expect.arrayContaining(['models/sim-chat', 'models/sim-reasoner']));
    expect(await google.models.get({ model: 'sim-chat' })).toMatchObject({ name: 'models/sim-chat' });
    expect(await failureOf(google.models.get({ model: 'nope' }))).toMatchObject({ status: 404 });
  });
});

describe('with a Gemini upstream', () => {
  const MODEL = 'sim-gemini-3.5-flash';

  it('pain point 3: signed calls go through ten turns of the SDK’s own history, streamed', async () => {
    const config = { tools: TOOLS, thinkingConfig: { includeThoughts: true } };
    const chat = google.chats.create({ model: MODEL, config });
    for (let turn = 1; turn <= 10; turn += 1) {
      const called = await gathered(await chat.sendMessageStream({ message: `turn ${turn}` }));
      const calls = called.flatMap(({ functionCalls }) => functionCalls ?? []);
      expect(calls).toHaveLength(1);
      const results = calls.map(({ id, name }) => ({
        functionResponse: { ...(id !== undefined && { id }), name: name ?? '', response: { output: `snow ${turn}` } },
      }));
      const answered = await chat.sendMessage({ message: results });
      expect(answered.text).toContain(`snow ${turn}`);
    }
  });

  it('what no other dialect has a word for arrives: grounding, pages read, Google’s own counts', async () => {
    const question = asked('see https://example.com/a', { tools: [{ googleSearch: {} }, { urlContext: {} }] }, MODEL);
    const whole = await google.models.generateContent(question);
    const streamed = await gathered(await google.models.generateContentStream(question));
    const candidates = [whole.candidates?.[0], Object.assign({}, ...streamed.map((each) => each.candidates?.[0]))];
    for (const candidate of candidates)
      expect(candidate).toMatchObject({
        groundingMetadata: {
          webSearchQueries: [expect.any(String)],
          groundingSupports: [{ confidenceScores: [0.9, 0.7] }],
        },
        urlContextMetadata: { urlMetadata: [{ urlRetrievalStatus: 'URL_RETRIEVAL_STATUS_SUCCESS' }] },
      });
    expect(whole.usageMetadata?.promptTokensDetails).toBeDefined();
  });

  it('nothing of the request is dropped on the way', async () => {
    const body = {
      contents: [{ role: 'user', parts: [{ text: '[[sim:echo-request]]' }] }],
      safety_settings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }],
      generationConfig: { mediaResolution: 'MEDIA_RESOLUTION_LOW', seed: 5 },
    };
    const answer = await sluice.call(`/v1beta/models/${MODEL}:generateContent`, { body });
    expect(answer.status).toBe(200);
    const { candidates } = answer.json() as GenerateContentResponse;
    expect(JSON.parse(candidates?.[0]?.content?.parts?.map(({ text }) => text ?? '').join('') ?? '')).toEqual(body);
    expect(answer.headers['x-sluice-ignored-fields']).toBeUndefined();
  });

  it('embeddings keep their task', async () => {
    const config = { taskType: 'CLUSTERING', outputDimensionality: 8 };
    const { embeddings } = await google.models.embedContent({
      model: 'sim-gemini-embedding',
      contents: ['a', 'b'],
      config,
    });
    expect(embeddings?.map(({ values }) => values?.length)).toEqual([8, 8]);
  });
});

it('pain point 13: tokens are counted here, system and tools included, and no upstream is asked', async () => {
  const prompt = unique('count');
  const contents = [{ role: 'user', parts: [{ text: prompt }] }];
  const path = '/v1beta/models/sim-chat:countTokens';
  const tokensOf = async (body: object) =>
    ((await sluice.call(path, { body })).json() as { totalTokens: number }).totalTokens;
  const { totalTokens: bare = 0 } = await google.models.countTokens({ model: 'sim-chat', contents });
  const generateContentRequest = {
    model: 'models/sim-chat',
    contents,
    systemInstruction: { parts: [{ text: 'word '.repeat(100) }] },
    tools: TOOLS,
  };
  expect(bare).toBeGreaterThan(0);
  expect(await tokensOf({ contents })).toBe(bare);
  expect(await tokensOf({ generateContentRequest })).toBeGreaterThan(bare + 200);
  expect((await sluice.simulator.requests({ prompt })).counts.received).toBe(0);
});

describe('failures', () => {
  it.each([
    [400, 'INVALID_ARGUMENT', 400],
    [401, 'UNAVAILABLE', 502],
    [429, 'RESOURCE_EXHAUSTED', 429],
    [500, 'INTERNAL', 502],
    [503, 'UNAVAILABLE', 503],
  ])('an upstream that answers %i is told as %s', async (status, rpc, expected) => {
    const body = { contents: [{ parts: [{ text: `[[sim:status=${status}]]` }] }] };
    const headers = { 'x-sluice-deadline-ms': '1500' };
    for (const method of ['generateContent', 'streamGenerateContent?alt=sse']) {
      const { model } = await sluice.admin.createModel();
      const answer = await sluice.call(`/v1beta/models/${model}:${method}`, { body, headers });
      expect(answer.status).toBe(expected);
      expect(answer.json()).toMatchObject({ error: { code: expected, status: rpc } });
      expect(answer.headers['x-request-id']).toMatch(/^req_/);
    }
  });

  it('a failure inside a stream is thrown', async () => {
    const { model } = await sluice.admin.createModel();
    const stream = google.models.generateContentStream(asked('[[sim:chunks=9,error-after=4]]', {}, model));
    expect((await failureOf(stream.then(gathered))).error).toMatchObject({
      status: expect.stringMatching(/^[A-Z_]+$/),
    });
  });

  it('who has no key, and what is no model or method, is told so in this dialect', async () => {
    expect(await failureOf(sdk({ key: 'sk-wrong' }).models.generateContent(asked('hi')))).toMatchObject({
      status: 401,
      error: { status: 'UNAUTHENTICATED' },
    });
    expect(await failureOf(google.models.generateContent(asked('hi', {}, 'nope')))).toMatchObject({ status: 404 });
    const answer = await sluice.call('/v1beta/models/sim-chat:predict', { body: {} });
    expect([answer.status, answer.json()]).toMatchObject([404, { error: { status: 'NOT_FOUND' } }]);
  });

  it('a field at fault is named as the client wrote it', async () => {
    const body = { contents: [{ parts: [{ text: 'hi' }] }], generation_config: { top_p: 7 } };
    const answer = await sluice.call('/v1beta/models/sim-chat:generateContent', { body });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('generation_config.top_p');
  });

  it('what only Gemini can do is refused by a model that is none, what it can do without is named', async () => {
    const contents = [{ parts: [{ text: 'hi' }] }];
    const path = '/v1beta/models/sim-chat:generateContent';
    const refused = await sluice.call(path, { body: { contents, tools: [{ codeExecution: {} }] } });
    expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('tools[].codeExecution')]);
    const safetySettings = [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }];
    const answered = await sluice.call(path, { body: { contents, safetySettings } });
    expect([answered.status, answered.headers['x-sluice-ignored-fields']]).toEqual([200, 'safetySettings']);
  });
});

describe('addresses', () => {
  const body = { contents: [{ parts: [{ text: 'hi' }] }] };

  it('without alt=sse a stream is one JSON array', async () => {
    const answer = await sluice.call('/v1beta/models/sim-chat:streamGenerateContent', { body });
    expect(answer.headers['content-type']).toContain('application/json');
    const list = answer.json() as GenerateContentResponse[];
    expect(list.length).toBeGreaterThan(1);
    expect(list.at(-1)).toMatchObject({ candidates: [{ finishReason: 'STOP' }] });
  });

  it.each([
    '/v1beta/models/models/sim-chat:generateContent',
    '/v1beta/models/models%2Fsim-chat:generateContent',
    '/v1beta/models/sim-chat%3AgenerateContent',
    '/v1/models/sim-chat:generateContent',
    '/gemini/v1beta/models/sim-chat:generateContent',
  ])('%s is served', async (path) => {
    expect((await sluice.call(path, { body })).status).toBe(200);
  });

  it('the key may stand in the query, or in the header of Google', async () => {
    const path = '/v1beta/models/sim-chat:generateContent';
    expect((await sluice.bareCall(`${path}?key=${apiKey}`, { body })).status).toBe(200);
    expect((await sluice.bareCall(path, { body, headers: { 'x-goog-api-key': apiKey } })).status).toBe(200);
  });

  it('idle streams are kept open by blanks, which clients skip', async () => {
    const slow = asked('[[sim:first-event-delay-ms=4000]]');
    const responses = await gathered(await google.models.generateContentStream(slow));
    expect(responses.at(-1)?.candidates?.[0]?.finishReason).toBe('STOP');
  });
});
