import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { createFakeHttp } from '@sluice/upstream-kit/fake-http';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { xaiChat } from './xai.chat.js';

const request: ChatRequest = {
  model: 'alias',
  messages: [
    { role: 'developer', content: [{ type: 'text', text: 'Be short.' }] },
    { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
  ],
};
const stream = readFileSync(new URL('__fixtures__/reasoning.sse', import.meta.url), 'utf8');

async function collect(parts: AsyncIterable<ChatPart>): Promise<ChatPart[]> {
  const all: ChatPart[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

function sse(...events: object[]): string {
  return events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
}

describe('chat', () => {
  it('counts reasoning in the output, where this upstream counts it beside', async () => {
    const parts = await collect(xaiChat(request, createTestContext({ http: createFakeHttp({ pieces: [stream] }) })));
    expect(parts.at(-1)).toMatchObject({
      type: 'usage',
      usage: { inputTokens: 12, outputTokens: 291, totalTokens: 303, reasoningTokens: 290 },
    });
    expect(parts.map(({ type }) => type)).toEqual(['start', 'reasoning-delta', 'text-delta', 'finish', 'usage']);
  });

  it('puts what is written for others into words that it knows', async () => {
    const http = createFakeHttp({ pieces: [stream] });
    await collect(xaiChat({ ...request, maxOutputTokens: 9 }, createTestContext({ http })));
    expect(JSON.parse(String(http.requests[0]?.body))).toMatchObject({
      max_completion_tokens: 9,
      messages: [{ role: 'system' }, { role: 'user' }],
    });
  });

  it("hands the client's own body on", async () => {
    const http = createFakeHttp({ pieces: [stream] });
    const body = { model: 'alias', messages: [], deferred: false, search_parameters: { mode: 'off' } };
    await collect(xaiChat(request, createTestContext({ http, native: { dialect: 'openai-chat', body } })));
    const sent = JSON.parse(String(http.requests[0]?.body)) as object;
    expect(sent).toMatchObject({ model: 'grok-4.5', deferred: false });
    expect(sent).not.toHaveProperty('search_parameters');
  });
});

describe('search, which chat does not have any more', () => {
  const answer = sse(
    { type: 'response.created', response: { id: 'resp_1', model: 'grok-4.5' } },
    { type: 'response.reasoning_summary_text.delta', delta: 'Hm.' },
    { type: 'response.output_text.delta', delta: 'Found.' },
    {
      type: 'response.output_text.annotation.added',
      annotation: { type: 'url_citation', url: 'https://a.test', start_index: 0, end_index: 6 },
    },
    {
      type: 'response.completed',
      response: {
        usage: { input_tokens: 5, output_tokens: 7, total_tokens: 12, output_tokens_details: { reasoning_tokens: 2 } },
      },
    },
  );
  const native = (body: object) => ({ dialect: 'openai-chat' as const, body: body as Record<string, never> });

  it('is asked of the server’s own tools, and told as chat', async () => {
    const http = createFakeHttp({ pieces: [answer] });
    const parts = await collect(xaiChat({ ...request, webSearch: {} }, createTestContext({ http })));
    expect(http.requests[0]?.url).toBe('http://upstream.test/v1/responses');
    expect(JSON.parse(String(http.requests[0]?.body))).toMatchObject({
      store: false,
      tools: [{ type: 'web_search' }],
      input: [{ role: 'system' }, { role: 'user', content: [{ type: 'input_text', text: 'Hello' }] }],
    });
    expect(parts).toMatchObject([
      { type: 'start', upstreamId: 'resp_1', model: 'grok-4.5' },
      { type: 'reasoning-delta', text: 'Hm.' },
      { type: 'text-delta', text: 'Found.' },
      { type: 'annotations', annotations: [{ type: 'url_citation', url_citation: { url: 'https://a.test' } }] },
      { type: 'finish', reason: 'stop' },
      { type: 'usage', usage: { inputTokens: 5, outputTokens: 7, reasoningTokens: 2 } },
    ]);
  });

  it('takes the older words for it', async () => {
    const http = createFakeHttp({ pieces: [answer] });
    const body = {
      search_parameters: { mode: 'auto', from_date: '2026-01-01', sources: [{ type: 'news' }, { type: 'x' }] },
    };
    await collect(xaiChat(request, createTestContext({ http, native: native(body) })));
    expect(JSON.parse(String(http.requests[0]?.body))).toMatchObject({
      tools: [{ type: 'web_search' }, { type: 'x_search', from_date: '2026-01-01' }],
    });
  });

  it.each([
    [{ search_parameters: { mode: 'on', sources: [{ type: 'rss' }] } }, {}, 'search_parameters.sources[0]'],
    [{ search_parameters: { mode: 'on' } }, { choices: 2 }, 'n'],
  ])('refuses before it sends what cannot be done: %j', async (body, more, param) => {
    const http = createFakeHttp({ pieces: [answer] });
    const chat = collect(xaiChat({ ...request, ...more }, createTestContext({ http, native: native(body) })));
    await expect(chat).rejects.toMatchObject({ code: 'unsupported', data: { param, saw: 'nothing' } });
    expect(http.requests).toHaveLength(0);
  });

  it('tells a stream that breaks off, and one that fails', async () => {
    const cut = createFakeHttp({ pieces: [sse({ type: 'response.output_text.delta', delta: 'F' })] });
    await expect(
      collect(xaiChat({ ...request, webSearch: {} }, createTestContext({ http: cut }))),
    ).rejects.toMatchObject({
      code: 'upstream_interrupted',
    });
    const failed = sse({
      type: 'response.failed',
      response: { error: { code: 'rate_limit_exceeded', message: 'slow' } },
    });
    const http = createFakeHttp({ pieces: [failed] });
    await expect(collect(xaiChat({ ...request, webSearch: {} }, createTestContext({ http })))).rejects.toMatchObject({
      code: 'upstream_rate_limited',
    });
  });
});
