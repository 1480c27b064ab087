import type { ChatPart } from '@sluice/contracts/chat-part';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { chat } from './gemini.chat.js';
import { embed } from './gemini.embed.js';
import { models } from './gemini.models.js';

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

describe('what is sent', () => {
  it('is one request with the key in a header and the model in the address', async () => {
    const http = createFakeHttp(fixture('text.sse'));
    await collect(chat(request, createTestContext({ http })));
    expect(http.requests).toMatchObject([
      {
        method: 'POST',
        url: 'http://upstream.test/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse',
        headers: { 'x-goog-api-key': 'key-sealed', accept: 'text/event-stream' },
      },
    ]);
    expect(JSON.parse(String(http.requests[0]?.body))).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'Hello' }] }],
    });
  });

  it.each([
    ['http://upstream.test/v1beta', 'http://upstream.test/v1beta/models/m:generateContent'],
    ['http://upstream.test/relay/v1', 'http://upstream.test/relay/v1/models/m:generateContent'],
    ['http://upstream.test/relay', 'http://upstream.test/relay/v1beta/models/m:generateContent'],
    [
      'https://aiplatform.googleapis.com/v1beta1/publishers/google',
      'https://aiplatform.googleapis.com/v1beta1/publishers/google/models/m:generateContent',
    ],
  ])('goes below %s', async (baseUrl, url) => {
    const http = createFakeHttp(fixture('text.json'));
    await collect(chat(request, createTestContext({ http, baseUrl, model: 'm', isStreamed: false })));
    expect(http.requests[0]?.url).toBe(url);
  });

  it("is the whole of the client's own body where it is in this dialect", async () => {
    const http = createFakeHttp(fixture('text.json'));
    const body = {
      contents: [{ parts: [{ text: 'x', partMetadata: { a: 1 } }] }],
      cachedContent: 'cachedContents/1',
      safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }],
      generation_config: { seed: 1, imageConfig: { aspectRatio: '16:9' } },
      novelty: { deep: [1] },
    };
    const native = { dialect: 'gemini-generate' as const, body };
    const parts = await collect(chat(request, createTestContext({ http, native, isStreamed: false })));
    expect(JSON.parse(String(http.requests[0]?.body))).toEqual(body);
    expect(parts.some(({ type }) => type === 'native')).toBe(true);
  });
});

describe("the model's streams", () => {
  it('text', async () => {
    expect(await chatParts('text.sse')).toEqual([
      { type: 'start', model: 'gemini-x', upstreamId: 'r1' },
      { type: 'text-delta', choice: 0, text: 'Žluť' },
      { type: 'text-delta', choice: 0, text: ' 🐎 kůň' },
      { type: 'finish', choice: 0, reason: 'stop', native: 'STOP' },
      { type: 'usage', usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 } },
    ]);
  });

  it('thoughts, and a signature that comes alone in the last event', async () => {
    const parts = await chatParts('thoughts-and-signature.sse');
    expect(parts.map(({ type }) => type)).toEqual([
      'start',
      'reasoning-delta',
      'text-delta',
      'reasoning-signature',
      'finish',
      'usage',
    ]);
    expect(parts.at(-1)).toMatchObject({ usage: { outputTokens: 10, reasoningTokens: 9, totalTokens: 17 } });
  });

  it('calls: counted over events, named where nobody named them, signed where they were', async () => {
    const parallel = (await chatParts('parallel-calls.sse')).filter(({ type }) => type === 'tool-input-start');
    expect(parallel).toMatchObject([
      { index: 0, id: 'a1', name: 'weather', signature: expect.any(String) },
      { index: 1, id: 'a2', name: 'time' },
    ]);
    const unnamed = await chatParts('calls-without-ids.sse');
    const starts = unnamed.filter((part) => part.type === 'tool-input-start');
    expect(starts.map(({ index }) => index)).toEqual([0, 1]);
    expect(new Set(starts.map(({ id }) => id)).size).toBe(2);
    expect(unnamed.find(({ type }) => type === 'finish')).toMatchObject({ reason: 'tool-calls' });
  });

  it('a blocked prompt is no failure but an end', async () => {
    expect((await chatParts('blocked.json')).find(({ type }) => type === 'finish')).toMatchObject({
      reason: 'content-filter',
    });
  });
});

describe('embeddings', () => {
  const one = { pieces: ['{"embedding":{"values":[0.5,-1]},"usageMetadata":{"promptTokenCount":3}}'] };

  it('of one text, and of several', async () => {
    const http = createFakeHttp(one, { pieces: ['{"embeddings":[{"values":[1]},{"values":[2]}]}'] });
    const context = createTestContext({ http, model: 'e' });
    const parts = await collect(embed({ model: 'm', inputs: ['a'], dimensions: 2 }, context));
    expect(parts).toEqual([
      { type: 'start', model: 'e' },
      { type: 'embedding', index: 0, base64: Buffer.from(new Float32Array([0.5, -1]).buffer).toString('base64') },
      { type: 'usage', usage: { inputTokens: 3, outputTokens: 0, totalTokens: 3 } },
    ]);
    await collect(embed({ model: 'm', inputs: ['a', 'b'] }, context));
    const [single, batch] = http.requests.map(({ url, body }) => ({ url, body: JSON.parse(String(body)) as unknown }));
    expect(single).toEqual({
      url: 'http://upstream.test/v1beta/models/e:embedContent',
      body: { model: 'models/e', content: { parts: [{ text: 'a' }] }, outputDimensionality: 2 },
    });
    expect(batch).toMatchObject({
      url: 'http://upstream.test/v1beta/models/e:batchEmbedContents',
      body: {
        requests: [{ model: 'models/e', content: { parts: [{ text: 'a' }] } }, { content: { parts: [{ text: 'b' }] } }],
      },
    });
  });

  it("start from the client's own body", async () => {
    const http = createFakeHttp({ pieces: ['{"embeddings":[{"values":[1]}]}'] });
    const body = { requests: [{ model: 'models/alias', content: { parts: [{ text: 'a' }] }, taskType: 'CLUSTERING' }] };
    const native = { dialect: 'gemini-generate' as const, body };
    await collect(embed({ model: 'm', inputs: ['a'] }, createTestContext({ http, model: 'e', native })));
    expect(JSON.parse(String(http.requests[0]?.body))).toEqual({
      requests: [{ model: 'models/e', content: { parts: [{ text: 'a' }] }, taskType: 'CLUSTERING' }],
    });
  });

  it('refuse tokens and an answer with too few vectors', async () => {
    const context = createTestContext({ http: createFakeHttp(one) });
    await expect(collect(embed({ model: 'm', inputs: [[1, 2]] }, context))).rejects.toMatchObject({
      data: { code: 'unsupported', param: 'input[0]' },
    });
    await expect(collect(embed({ model: 'm', inputs: ['a', 'b'] }, context))).rejects.toMatchObject({
      data: { code: 'upstream_bad_answer' },
    });
  });
});

it('lists the models of all pages that can be asked', async () => {
  const http = createFakeHttp(
    {
      pieces: [
        '{"models":[{"name":"models/a","supportedGenerationMethods":["generateContent"]}],"nextPageToken":"t 2"}',
      ],
    },
    {
      pieces: [
        '{"models":[{"name":"models/live","supportedGenerationMethods":["bidiGenerateContent"]},{"name":"models/e","supportedGenerationMethods":["embedContent"]}]}',
      ],
    },
  );
  expect((await models(createTestContext({ http }))).map(({ id }) => id)).toEqual(['a', 'e']);
  expect(http.requests.map(({ url }) => url)).toEqual([
    'http://upstream.test/v1beta/models?pageSize=1000',
    'http://upstream.test/v1beta/models?pageSize=1000&pageToken=t%202',
  ]);
});

it("lists Vertex's models, which are told in other words and without methods", async () => {
  const http = createFakeHttp({
    pieces: ['{"publisherModels":[{"name":"publishers/google/models/gemini-3.5-flash","launchStage":"GA"}]}'],
  });
  const baseUrl = 'http://upstream.test/v1beta1/publishers/google';
  const listed = await models(createTestContext({ http, kind: 'vertex-express', baseUrl }));
  expect(listed.map(({ id }) => id)).toEqual(['gemini-3.5-flash']);
  expect(http.requests[0]?.url).toBe('http://upstream.test/v1beta1/publishers/google/models?pageSize=1000');
});
