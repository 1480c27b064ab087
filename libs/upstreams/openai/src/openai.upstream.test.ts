import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { chat } from './openai.chat.js';
import { embed } from './openai.embed.js';
import { models } from './openai.models.js';

/** The random end of the generation's id. */
const GENERATION_SEED = createTestContext({ http: createFakeHttp() }).generationId.slice(-20);

const request = {
  model: 'alias',
  messages: [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'Hello' }] }],
};

async function collect<Part>(parts: AsyncIterable<Part>): Promise<Part[]> {
  const all: Part[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

function fixture(name: string): FakeAnswer {
  return { pieces: [readFileSync(new URL(`__fixtures__/${name}`, import.meta.url))] };
}

async function chatParts(name: string, isStreamed = name.endsWith('.sse')): Promise<ChatPart[]> {
  return collect(chat(request, createTestContext({ http: createFakeHttp(fixture(name)), isStreamed })));
}

async function failure(promise: Promise<unknown>): Promise<GatewayError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (thrown instanceof GatewayError) return thrown;
  throw new Error(`no failure: ${String(thrown)}`);
}

describe('what is sent', () => {
  it('is one request with the key, the model of the target and usage asked for', async () => {
    const http = createFakeHttp(fixture('text.sse'));
    await collect(chat(request, createTestContext({ http })));
    expect(http.requests).toHaveLength(1);
    expect(http.requests[0]).toMatchObject({
      method: 'POST',
      url: 'http://upstream.test/v1/chat/completions',
      headers: { authorization: 'Bearer sk-sealed', accept: 'text/event-stream', 'content-type': 'application/json' },
    });
    expect(JSON.parse(String(http.requests[0]?.body))).toEqual({
      model: 'gpt-x',
      messages: [{ role: 'user', content: 'Hello' }],
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it("is the client's own body where it is in this dialect", async () => {
    const http = createFakeHttp(fixture('text.json'));
    const native = {
      dialect: 'openai-chat' as const,
      body: { model: 'alias', messages: [], vendor_field: 1, stream: false },
    };
    await collect(chat(request, createTestContext({ http, native, isStreamed: false })));
    expect(JSON.parse(String(http.requests[0]?.body))).toEqual({
      model: 'gpt-x',
      messages: [],
      vendor_field: 1,
      stream: false,
    });
  });

  it('is not a body in another dialect', async () => {
    const http = createFakeHttp(fixture('text.json'));
    const native = { dialect: 'openai-embeddings' as const, body: { input: 'x' } };
    await collect(chat(request, createTestContext({ http, native, isStreamed: false })));
    expect(String(http.requests[0]?.body)).not.toContain('input');
  });
});

describe("vendors' streams", () => {
  it('text, with all that is told around it', async () => {
    expect(await chatParts('text.sse')).toEqual([
      { type: 'start', model: 'gpt-x-2026', upstreamId: 'chatcmpl-A1', serviceTier: 'default', fingerprint: 'fp_1' },
      { type: 'text-delta', choice: 0, text: 'Žluť' },
      { type: 'text-delta', choice: 0, text: ' 🐎 kůň' },
      { type: 'finish', choice: 0, reason: 'stop', native: 'stop' },
      {
        type: 'usage',
        usage: { inputTokens: 12, outputTokens: 5, totalTokens: 17, cachedInputTokens: 4, reasoningTokens: 2 },
      },
    ]);
  });

  it('an id that changes, no role, no end but [DONE]', async () => {
    expect(await chatParts('wandering-id.sse')).toEqual([
      { type: 'start', model: 'some-model', upstreamId: 'x-0' },
      { type: 'text-delta', choice: 0, text: 'Hel' },
      { type: 'text-delta', choice: 0, text: 'lo ' },
      { type: 'text-delta', choice: 0, text: 'there' },
      { type: 'finish', choice: 0, reason: 'stop' },
    ]);
  });

  it('usage that grows in every chunk, reasoning counted beside, no [DONE]', async () => {
    expect((await chatParts('cumulative-usage.sse')).slice(1)).toEqual([
      { type: 'reasoning-delta', choice: 0, text: 'Hm' },
      { type: 'text-delta', choice: 0, text: 'Yes' },
      { type: 'finish', choice: 0, reason: 'stop', native: 'stop' },
      { type: 'usage', usage: { inputTokens: 9, outputTokens: 21, totalTokens: 30, reasoningTokens: 18 } },
    ]);
  });

  it('events parted by single line ends', async () => {
    expect((await chatParts('single-line-ends.sse')).slice(1)).toEqual([
      { type: 'reasoning-delta', choice: 0, text: 'let me see' },
      { type: 'text-delta', choice: 0, text: '{"a":1}' },
      { type: 'text-delta', choice: 0, text: '\n' },
      { type: 'finish', choice: 0, reason: 'length', native: 'length' },
    ]);
  });

  it('careless calls, named after the generation where nobody named them', async () => {
    expect((await chatParts('careless-tools.sse')).slice(1)).toEqual([
      { type: 'tool-input-start', choice: 0, index: 0, id: `call_${GENERATION_SEED}_0_0`, name: 'a' },
      { type: 'tool-input-delta', choice: 0, index: 0, delta: '{"x"' },
      { type: 'tool-input-delta', choice: 0, index: 0, delta: ':1}' },
      { type: 'tool-input-start', choice: 0, index: 1, id: 'call_2', name: 'b' },
      { type: 'tool-input-delta', choice: 0, index: 1, delta: '{"y":2}' },
      { type: 'finish', choice: 0, reason: 'tool-calls', native: 'stop' },
    ]);
  });

  it('one object where a stream was asked for', async () => {
    expect(await chatParts('text.json', true)).toEqual(await chatParts('text.json', false));
  });

  it('a stream where one object was asked for', async () => {
    const headers = { 'content-type': 'text/event-stream' };
    const http = createFakeHttp({ ...fixture('text.sse'), headers });
    const parts = await collect(chat(request, createTestContext({ http, isStreamed: false })));
    expect(parts).toEqual(await chatParts('text.sse'));
  });
});

describe('failures', () => {
  async function fails(answer: FakeAnswer, isStreamed = true): Promise<GatewayError['data']> {
    const { data } = await failure(
      collect(chat(request, createTestContext({ http: createFakeHttp(answer), isStreamed }))),
    );
    return data;
  }

  it.each([true, false])('told with a 200 (streamed: %s)', async (isStreamed) => {
    const pieces = ['{"error":{"message":"slow","type":"rate_limit_error"}}'];
    expect(await fails({ pieces }, isStreamed)).toMatchObject({ code: 'upstream_rate_limited', saw: 'refused' });
    expect(await fails({ pieces: ['<html>'] }, isStreamed)).toMatchObject({ code: 'upstream_bad_answer' });
  });

  it('with the wait that headers tell before the one in the text', async () => {
    const pieces = ['{"error":{"message":"try again in 9s"}}'];
    expect(await fails({ status: 429, headers: { 'retry-after': '3' }, pieces })).toMatchObject({
      code: 'upstream_rate_limited',
      retryAfterMs: 3000,
    });
    expect(await fails({ status: 429, pieces })).toMatchObject({ retryAfterMs: 9000 });
  });

  it('without an error object', async () => {
    expect(await fails({ status: 502, pieces: ['<html>nginx</html>'] })).toMatchObject({
      code: 'upstream_error',
      saw: 'unknown',
      message: 'The upstream answered with a web page and status 502.',
    });
    expect(await fails({ status: 404, pieces: ['404 page not found'] })).toMatchObject({
      code: 'upstream_error',
      saw: 'refused',
      message: expect.stringContaining('base URL'),
    });
    expect(await fails({ status: 400, pieces: ['bad thing'] })).toMatchObject({
      code: 'invalid_request',
      message: 'bad thing',
    });
  });

  it('whose body breaks off', async () => {
    expect(await fails({ status: 503, pieces: ['{"err'], ending: 'break' })).toMatchObject({
      code: 'upstream_overloaded',
    });
  });
});

describe('embeddings', () => {
  const answer = {
    pieces: ['{"data":[{"index":0,"embedding":[1,2]}],"model":"e","usage":{"prompt_tokens":1,"total_tokens":1}}'],
  };

  it('are asked for in base64 and taken as they come', async () => {
    const http = createFakeHttp(answer);
    const parts = await collect(embed({ model: 'm', inputs: ['a'] }, createTestContext({ http })));
    expect(parts.map(({ type }) => type)).toEqual(['start', 'embedding', 'usage']);
    expect(http.requests[0]?.url).toBe('http://upstream.test/v1/embeddings');
    expect(JSON.parse(String(http.requests[0]?.body))).toEqual({
      model: 'gpt-x',
      input: 'a',
      encoding_format: 'base64',
    });
  });

  it('are asked for without a format where the vendor refuses it, and only then', async () => {
    const refusal = { status: 400, pieces: ['{"error":{"message":"unknown field encoding_format"}}'] };
    const http = createFakeHttp(refusal, answer);
    expect(await collect(embed({ model: 'm', inputs: ['a'] }, createTestContext({ http })))).toHaveLength(3);
    expect(JSON.parse(String(http.requests[1]?.body))).toEqual({ model: 'gpt-x', input: 'a' });
    const other = createFakeHttp({ status: 400, pieces: ['{"error":{"message":"too long"}}'] }, answer);
    await failure(collect(embed({ model: 'm', inputs: ['a'] }, createTestContext({ http: other }))));
    expect(other.requests).toHaveLength(1);
  });

  it('throw an error told with a 200', async () => {
    const http = createFakeHttp({ pieces: ['{"error":"quota"}'] });
    expect((await failure(collect(embed({ model: 'm', inputs: ['a'] }, createTestContext({ http }))))).code).toBe(
      'upstream_error',
    );
  });
});

it('lists models', async () => {
  const http = createFakeHttp({ pieces: ['{"data":[{"id":"a","created":5}]}'] });
  expect(await models(createTestContext({ http }))).toEqual([{ id: 'a', createdAtSeconds: 5 }]);
  expect(http.requests[0]).toMatchObject({
    method: 'GET',
    url: 'http://upstream.test/v1/models',
    headers: { authorization: 'Bearer sk-sealed' },
  });
});
