import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { expectSuccess } from './harness/admin-client.js';
import { eventually } from './harness/eventually.js';
import { openCall, readText } from './harness/http-call.js';
import { sharedSluice } from './harness/shared-sluice.js';
import { unique } from './harness/unique.js';

const sluice = sharedSluice();
const { openai, run } = sluice;
const MODEL = 'sim-gemini-3.5-flash';
const tools: OpenAI.ChatCompletionTool[] = ['weather', 'time'].map((name) => ({
  type: 'function',
  function: { name, parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
}));

const ask = (content: string, more: object = {}) => ({
  model: MODEL,
  messages: [{ role: 'user' as const, content }],
  ...more,
});

async function chunksOf(body: object): Promise<OpenAI.ChatCompletionChunk[]> {
  const stream = await openai.chat.completions.create({ ...(body as ReturnType<typeof ask>), stream: true });
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

/** A model of Google's with keys of its own: what is done to them disturbs nobody. */
async function ownKeys(count: number): Promise<{ model: string; keys: { key: string; id: string }[] }> {
  const name = unique('own-gemini-3.5-flash');
  const keys: { key: string; id: string }[] = [];
  for (let number = 0; number < count; number += 1) {
    const key = unique(`sim-key-${number}`);
    const settings = {
      upstream: 'gemini',
      baseUrl: `${run.simulator}/gemini`,
      secret: { apiKey: key },
      models: [name],
    };
    const { credentialId } = await sluice.admin.createModel(settings);
    keys.push({ key, id: credentialId });
  }
  return { model: name, keys };
}

const stateOf = async (id: string) => (await sluice.admin.readCredential(id)).state;

describe('streams for OpenAI’s clients', () => {
  it('mistake 1 of Gemini Balance: the stream has its finish_reason, in its last choice', async () => {
    for (const [prompt, end] of [
      ['hello', 'stop'],
      ['hello [[sim:finish=MAX_TOKENS]]', 'length'],
      ['hello [[sim:finish=SAFETY]]', 'content_filter'],
    ] as const) {
      const ends = (await chunksOf(ask(prompt))).map(({ choices }) => choices[0]?.finish_reason ?? null);
      expect(ends.filter((each) => each !== null)).toEqual([end]);
      expect(ends.at(-1)).toBe(end);
    }
  });

  it('mistake 2 of Gemini Balance: one id, one time, and the role once', async () => {
    const chunks = await chunksOf(ask('hello [[sim:chunks=12]]'));
    expect(new Set(chunks.map(({ id, created }) => `${id} ${created}`)).size).toBe(1);
    expect(chunks.filter(({ choices }) => choices[0]?.delta.role !== undefined)).toHaveLength(1);
  });

  it('mistake 3 of Gemini Balance: text after a thought is told, also where the upstream gives no stream', async () => {
    const thinking = { extra_body: { google: { thinking_config: { include_thoughts: true } } } };
    for (const prompt of ['hello there', 'hello there [[sim:single-chunk]]', 'hello there [[sim:single-write]]']) {
      const deltas = (await chunksOf(ask(prompt, thinking))).map(({ choices }) => choices[0]?.delta);
      expect(deltas.map((delta) => delta?.content ?? '').join('')).toBe('Simulated reply to: hello there');
    }
  });

  it('mistake 4 of Gemini Balance: calls of several events have an index each', async () => {
    const deltas = (await chunksOf(ask('both [[sim:tools=2]]', { tools }))).flatMap(
      ({ choices }) => choices[0]?.delta.tool_calls ?? [],
    );
    const named = deltas.filter((delta) => delta.function?.name !== undefined);
    expect(named.map(({ index, function: called }) => [index, called?.name])).toEqual([
      [0, 'weather'],
      [1, 'time'],
    ]);
    for (const index of [0, 1]) {
      const pieces = deltas.filter((delta) => delta.index === index).map((delta) => delta.function?.arguments ?? '');
      expect(JSON.parse(pieces.join(''))).toHaveProperty('city');
    }
  });
});

it('mistake 5 of Gemini Balance: text and calls of one turn go back, results as results, with their signatures', async () => {
  const asked = { role: 'user' as const, content: 'and? [[sim:tools=1]]' };
  const { choices } = await openai.chat.completions.create({ model: MODEL, tools, messages: [asked] });
  const [call] = choices[0]?.message.tool_calls ?? [];
  expect(call).toBeDefined();
  // As a client does that knows nothing of signatures.
  const id = call?.id ?? '';
  const turn = {
    role: 'assistant' as const,
    content: 'Let me see.',
    tool_calls: [{ id, type: 'function' as const, function: { name: 'weather', arguments: '{"city":"x"}' } }],
  };
  const result = { role: 'tool' as const, tool_call_id: id, content: 'snow' };
  const echo = await openai.chat.completions.create({
    model: MODEL,
    tools,
    messages: [{ role: 'user', content: '[[sim:echo-request]]' }, turn, result],
  });
  const { contents } = JSON.parse(echo.choices[0]?.message.content ?? '') as { contents: { parts: object[] }[] };
  expect(contents[1]?.parts).toMatchObject([
    { text: 'Let me see.' },
    { functionCall: { name: 'weather' }, thoughtSignature: expect.any(String) },
  ]);
  expect(contents[2]?.parts).toMatchObject([{ functionResponse: { name: 'weather' } }]);
});

describe('failures', () => {
  it('mistake 9 of Gemini Balance: the client’s own mistake is a 400, tried once, and no key’s fault', async () => {
    const { model, keys } = await ownKeys(2);
    const prompt = `[[sim:status=400,error-message=wrong payload]] ${unique('bad')}`;
    for (let count = 0; count < 6; count += 1)
      await expect(openai.chat.completions.create({ ...ask(prompt), model })).rejects.toMatchObject({ status: 400 });
    expect((await sluice.simulator.requests({ prompt })).counts.received).toBe(6);
    for (const { id } of keys) expect(await stateOf(id)).toBe('ready');
  });

  it('mistake 10 of Gemini Balance: a lost connection is tried again, and is an error of ours when it stays', async () => {
    const prompt = `[[sim:lost-reply,once]] ${unique('lost')}`;
    expect((await openai.chat.completions.create(ask(prompt))).choices).toHaveLength(1);
    const always = openai.chat.completions.create(ask(`[[sim:lost-reply]] ${unique('lost')}`));
    await expect(always).rejects.toMatchObject({
      status: expect.toSatisfy((status: number) => status >= 500) as number,
    });
  });

  it('mistake 11 of Gemini Balance: a stream that breaks off ends with an error, and nothing is said twice', async () => {
    const prompt = `hello [[sim:chunks=12,cut=4]] ${unique('cut')}`;
    const { body } = await openCall({
      url: `${run.gateway}/v1/chat/completions`,
      headers: { authorization: `Bearer ${run.apiKey}` },
      body: { ...ask(prompt), stream: true },
    });
    const text = await readText(body);
    expect(text).toMatch(/"error":\{/);
    expect(text).not.toContain('[DONE]');
    expect(text.match(/"Simulated/g)).toHaveLength(1);
    expect((await sluice.simulator.requests({ prompt })).counts.received).toBe(1);
  });

  it('mistake 12 of Gemini Balance: a 429 rests the model for as long as told, and the key is well', async () => {
    const { model, keys } = await ownKeys(1);
    const prompt = `[[sim:status=429,error-code=per-minute,retry-after-ms=400,once]] ${unique('limit')}`;
    const startedAtMs = performance.now();
    await openai.chat.completions.create({ ...ask(prompt), model });
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(400);
    expect((await sluice.simulator.requests({ prompt })).counts.received).toBe(2);
    expect(await stateOf(keys[0]?.id ?? '')).toBe('ready');
  });

  it('mistake 12 of Gemini Balance: a key that is out for the day is not waited for, whichever others come back soon', async () => {
    const [day, other] = [await ownKeys(1), await ownKeys(1)];
    // Another key, of another model, comes back within every deadline.
    const short = `[[sim:status=429,retry-after-ms=20000]] ${unique('rests')}`;
    await expect(openai.chat.completions.create({ ...ask(short), model: other.model })).rejects.toMatchObject({
      status: 429,
    });
    await eventually('it rests', async () => (await stateOf(other.keys[0]?.id ?? '')) === 'rate_limited');
    const prompt = `[[sim:status=429,error-code=per-day]] ${unique('day')}`;
    const startedAtMs = performance.now();
    for (const message of [/daily quota/, /in use or resting/])
      await expect(openai.chat.completions.create({ ...ask(prompt), model: day.model })).rejects.toThrow(message);
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
    expect((await sluice.simulator.requests({ prompt })).counts.received).toBe(1);
  });

  it('mistake 13 of Gemini Balance: keys of Vertex fail as others do, and the next one is tried', async () => {
    const name = unique('vertex');
    for (const state of ['revoked', 'valid']) {
      const key = unique('sim-vertex');
      if (state === 'revoked') await sluice.simulator.setKey({ key, state });
      await sluice.admin.createModel({
        upstream: 'gemini',
        kind: 'vertex-express',
        baseUrl: `${run.simulator}/gemini/v1beta1/publishers/google`,
        secret: { apiKey: key },
        models: [name],
      });
    }
    for (let count = 0; count < 3; count += 1) {
      const body = { contents: [{ role: 'user', parts: [{ text: 'hello' }] }] };
      const { status } = await sluice.call(`/vertex-express/v1beta/models/${name}:generateContent`, { body });
      expect(status).toBe(200);
    }
  });

  it('mistake 14 of Gemini Balance: a blocked prompt is an answer, in every dialect', async () => {
    const prompt = 'bad [[sim:block=SAFETY]]';
    const body = { contents: [{ role: 'user', parts: [{ text: prompt }] }] };
    const native = await sluice.call(`/v1beta/models/${MODEL}:generateContent`, { body });
    expect(native.status).toBe(200);
    expect(native.json()).toMatchObject({ promptFeedback: { blockReason: 'SAFETY' } });
    const { choices } = await openai.chat.completions.create(ask(prompt));
    expect(choices[0]?.finish_reason).toBe('content_filter');
  });

  it('pain point 8 of Gemini Balance: what the upstream says of a failure is told, and never an opaque 500', async () => {
    for (const [code, status] of [
      ['overloaded', 503],
      ['internal', 500],
      ['deadline', 504],
      ['region', 400],
    ] as const) {
      const { model } = await ownKeys(1);
      const body = { ...ask(`[[sim:status=${status},error-code=${code}]] ${unique(code)}`), model };
      const answer = await sluice.call('/v1/chat/completions', { body });
      const { error } = answer.json() as { error: { message: string; code: string } };
      expect(answer.status, code).toBeGreaterThanOrEqual(500);
      expect(error.code, code).not.toBe('internal');
      expect(error.message, code).toMatch(/overloaded|internal error|[Dd]eadline|region/);
    }
  });
});

describe('requests of OpenAI’s clients', () => {
  const echoed = async (more: object) => {
    const { choices } = await openai.chat.completions.create({ ...ask('[[sim:echo-request]]'), ...more });
    return JSON.parse(choices[0]?.message.content ?? '') as Record<string, Record<string, unknown>>;
  };

  it('mistake 15 of Gemini Balance: an object as tool_choice, and the role developer', async () => {
    const messages = [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content: '[[sim:echo-request]]' },
    ];
    const choice = { type: 'function', function: { name: 'time' } };
    const asked = await echoed({ tools, tool_choice: choice, messages });
    expect(asked).toMatchObject({
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [{ role: 'user' }],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['time'] } },
    });
  });

  it('mistake 16 of Gemini Balance: nothing is put in that nobody asked for, and what is asked arrives', async () => {
    expect(Object.keys(await echoed({ tools: [] })).filter((name) => name !== 'contents')).toEqual([]);
    expect(await echoed({ max_completion_tokens: 77, seed: 5, stop: 'x' })).toMatchObject({
      generationConfig: { maxOutputTokens: 77, seed: 5, stopSequences: ['x'] },
    });
    const last = (await chunksOf(ask('hello', { stream_options: { include_usage: true } }))).at(-1);
    expect(last).toMatchObject({ choices: [], usage: { prompt_tokens: expect.any(Number) as number } });
  });

  it('mistake 18 of Gemini Balance: embeddings by the model asked, of the length asked, in base64 too', async () => {
    const body = { model: 'sim-gemini-embedding', input: ['a', 'b'], dimensions: 8 };
    const plain = await openai.embeddings.create({ ...body, encoding_format: 'float' });
    const packed = await sluice.call('/v1/embeddings', { body: { ...body, encoding_format: 'base64' } });
    expect(plain.data.map(({ embedding }) => embedding.length)).toEqual([8, 8]);
    const { data } = packed.json() as { data: { embedding: string }[] };
    expect(data.map(({ embedding }) => Buffer.from(embedding, 'base64').length)).toEqual([32, 32]);
    await expect(openai.embeddings.create({ ...body, model: 'text-embedding-004' })).rejects.toMatchObject({
      status: 404,
    });
  });
});

it('mistake 21 of Gemini Balance: calls that wait for their upstream keep nobody else waiting', async () => {
  const { model } = await ownKeys(1);
  const name = unique('slow');
  const slow = Array.from({ length: 8 }, () =>
    openai.chat.completions.create({ ...ask(`[[sim:first-byte-delay-ms=2500]] ${name}`), model }),
  );
  await sluice.simulator.waitFor('received', { prompt: name }, { count: 8 });
  await openai.chat.completions.create(ask('hello'));
  expect((await sluice.simulator.requests({ prompt: name })).counts.open).toBe(8);
  await Promise.all(slow);
});

describe('what users met', () => {
  it('pain point 1 of Gemini Balance: a dead key is told as dead and passed over, a live one is never', async () => {
    const { model, keys } = await ownKeys(2);
    const [dead, live] = keys;
    await sluice.simulator.setKey({ key: dead?.key ?? '', state: 'revoked' });
    for (let count = 0; count < 4; count += 1) await openai.chat.completions.create({ ...ask('hello'), model });
    expect(await stateOf(dead?.id ?? '')).toBe('auth_failed');
    expect(await stateOf(live?.id ?? '')).toBe('ready');
  });

  it('pain point 4 of Gemini Balance: who administers and who calls have keys of their own', async () => {
    const asAdmin = { authorization: `Bearer ${run.adminToken}` };
    const asClient = { authorization: `Bearer ${run.apiKey}` };
    expect((await sluice.bareCall('/v1/models', { headers: asAdmin })).status).toBe(401);
    expect((await sluice.bareCall('/admin/api/credentials', { headers: asClient })).status).toBe(401);
  });

  it('pain point 8 of Gemini Balance: what failed stands in the operator’s log, by key, code and words', async () => {
    const { model, keys } = await ownKeys(1);
    const credential = keys[0]?.id ?? '';
    const prompt = `[[sim:status=400,error-message=wrong payload]] ${unique('logged')}`;
    await expect(openai.chat.completions.create({ ...ask(prompt), model })).rejects.toMatchObject({ status: 400 });
    const query = new URLSearchParams({
      credential,
      code: 'invalid_request',
      search: 'WRONG payload',
      upstream: 'gemini',
    });
    const listed = await eventually('it is in the log', async () => {
      const read = await sluice.admin.call('GET', `/failures?${query.toString()}`);
      const { failures } = expectSuccess(read) as { failures: object[] };
      return failures.length > 0 && failures;
    });
    const error = { code: 'invalid_request', message: 'wrong payload', upstreamStatus: 400 };
    expect(listed).toMatchObject([{ model, upstreamModel: model, credentialId: credential, attempts: 1, error }]);
    expect(JSON.stringify(listed)).not.toContain(prompt);
    expect((await sluice.admin.call('GET', '/failures?since=yesterday')).status).toBe(400);
  });

  it('pain point 9 of Gemini Balance: tokens are told with every generation, thoughts too, and who did it', async () => {
    const { headers } = await sluice.call('/v1/chat/completions', { body: ask('hello there') });
    const generation = await sluice.call(`/v1/generations/${headers['x-sluice-generation']}`);
    expect(generation.json()).toMatchObject({ usage: { outputTokens: 15, reasoningTokens: 10 } });
  });

  it('pain point 11 of Gemini Balance: no way of the operator’s is open, and none shows a secret', async () => {
    const { paths } = (await sluice.bareCall('/openapi.json')).json() as { paths: Record<string, object> };
    const open: string[] = [];
    for (const [path, methods] of Object.entries(paths)) {
      if (!path.startsWith('/admin/')) continue;
      for (const method of Object.keys(methods)) {
        const { status } = await sluice.bareCall(path.replaceAll(/\{[^}]+\}/g, 'x'), { method: method.toUpperCase() });
        if (status !== 401) open.push(`${method} ${path}: ${status}`);
      }
    }
    expect(open).toEqual([]);
    const { keys } = await ownKeys(1);
    const shown = await sluice.admin.call('GET', '/credentials?limit=1000');
    expect(shown.text).not.toContain(keys[0]?.key);
    expectSuccess(shown);
  });

  it('pain point 12 of Gemini Balance: a model that came out after this was written is served', async () => {
    const name = unique('gemini-9.9-ultra');
    const key = unique('sim-newest');
    await sluice.admin.createModel({
      upstream: 'gemini',
      baseUrl: `${run.simulator}/gemini`,
      secret: { apiKey: key },
      models: [name],
    });
    const { choices } = await openai.chat.completions.create({ ...ask('hello there'), model: name });
    expect(choices[0]?.message.content).toBe('Simulated reply to: hello there');
  });
});
