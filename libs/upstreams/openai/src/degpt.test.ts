import type { ChatRequest } from '@sluice/contracts/chat';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { openaiManifest } from '@sluice/manifests/openai';
import { assertChatOrder } from '@sluice/upstream-kit/chat-order';
import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { describe, expect, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { openai } from './openai.upstream.js';

const ID = '0123456789abcdef0123456789abcdef';
const NOW_MS = 1_800_000_000_000;
const FAILURE = "Sorry, you don't have sufficient access rights at the moment.";
const request: ChatRequest = {
  model: 'alias',
  messages: [
    { role: 'developer', content: [{ type: 'text', text: 'Be brief' }] },
    { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
  ],
};

const token = (endsMs: number) =>
  `h.${Buffer.from(JSON.stringify({ id: ID, exp: endsMs / 1000 })).toString('base64url')}.s`;
const LIVE = token(NOW_MS + 3_600_000);
const signedIn: FakeAnswer = { pieces: [JSON.stringify({ token: LIVE, token_type: 'Bearer', id: ID, models: '' })] };

/** Five letters a chunk, another id each, no role, no usage, no end but `[DONE]`. */
function said(text: string, extra: object = {}): FakeAnswer {
  const chunks = (text.match(/.{1,5}/gsu) ?? []).map((content, index) => ({
    id: `c${index}`,
    object: 'some-model',
    created: 1.5,
    model: 'behind',
    choices: [{ index: 0, delta: { content, ...extra } }],
  }));
  return { pieces: [...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`), 'data: [DONE]\n\n'] };
}

function contextOf(http: ReturnType<typeof createFakeHttp>, sealed: { token?: string } = { token: LIVE }) {
  return createTestContext({
    http,
    credential: { id: ID, ...sealed },
    kind: 'degpt',
    baseUrl: 'http://degpt.test/api',
    model: 'degpt-model',
    isStreamed: false,
    clock: { now: () => NOW_MS, after: () => () => undefined },
  });
}

async function ask(answers: FakeAnswer[], asked: ChatRequest = request, sealed?: { token?: string }) {
  const http = createFakeHttp(...answers);
  const parts = [];
  if (!openai.chat) throw new Error('no chat');
  for await (const part of openai.chat(asked, contextOf(http, sealed))) parts.push(part);
  const bodies = http.requests.map(({ body }) => JSON.parse(String(body)) as Record<string, unknown>);
  return { http, parts, bodies };
}

describe('what is sent', () => {
  it("is the page's own body, always asked for as a stream, in the visitor's session", async () => {
    const { http, bodies } = await ask([said('Hi')]);
    expect(http.requests).toHaveLength(1);
    expect(http.requests[0]).toMatchObject({
      url: 'http://degpt.test/api/v1/chat/completion/proxy',
      headers: { authorization: `Bearer ${LIVE}` },
    });
    expect(bodies[0]).toEqual({
      model: 'degpt-model',
      messages: [
        { role: 'system', content: 'Be brief' },
        { role: 'user', content: 'Hello' },
      ],
      project: 'DecentralGPT',
      stream: true,
      enable_thinking: true,
      reload: false,
    });
  });

  it('names no browser, and nobody but the operator', async () => {
    const { http } = await ask([signedIn, said('Hi')], request, {});
    for (const { headers } of http.requests) {
      expect(Object.keys(headers ?? {}).filter((name) => /user-agent|cookie|origin|referer|sec-/i.test(name))).toEqual(
        [],
      );
    }
    expect(JSON.parse(String(http.requests[0]?.body))).toEqual({ id: ID, channel: '' });
  });

  it('goes over TLS unless the operator says otherwise', () => {
    expect(openaiManifest.kinds.degpt.defaultBaseUrl).toMatch(/^https:/);
  });

  it('does not think where that is not wanted', async () => {
    const { bodies } = await ask([said('Hi')], { ...request, reasoning: { effort: 'none' } });
    expect(bodies[0]).toMatchObject({ enable_thinking: false });
  });

  it.each([
    ['n', { choices: 2 }],
    ['response_format', { responseFormat: { type: 'json' } }],
    ['logprobs', { logprobs: { top: 1 } }],
  ] as const)('is nothing where %s is asked for, which it has not', async (param, extra) => {
    const asked = ask([said('Hi')], { ...request, ...(extra as Partial<ChatRequest>) });
    await expect(asked).rejects.toMatchObject({ code: 'unsupported', data: { param } });
  });
});

describe('tools, which it has not', () => {
  const tools: ChatRequest['tools'] = [{ type: 'function', name: 'weather', inputSchema: { type: 'object' } }];

  it('are told of and called in words', async () => {
    const call = '<tool_call>{"name":"weather","arguments":{"city":"Rome"}}</tool_call>';
    const { bodies, parts } = await ask([said(call)], { ...request, tools });
    expect(bodies[0]).not.toHaveProperty('tools');
    expect(JSON.stringify(bodies[0])).toContain('You can call these tools');
    expect(parts).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: 'tool-input-start', name: 'weather' }),
        expect.objectContaining({ type: 'tool-input-delta', delta: '{"city":"Rome"}' }),
        expect.objectContaining({ type: 'finish', reason: 'tool-calls' }),
      ]),
    );
  });
});

describe('the session', () => {
  it('is got by the id where there is none, and sent with no other', async () => {
    const { http } = await ask([signedIn, said('Hi')], request, {});
    expect(http.requests.map(({ url }) => url)).toEqual([
      'http://degpt.test/api/v1/auths/printSignIn',
      'http://degpt.test/api/v1/chat/completion/proxy',
    ]);
    expect(http.requests[0]?.headers).not.toHaveProperty('authorization');
    expect(http.requests[1]?.headers).toMatchObject({ authorization: `Bearer ${LIVE}` });
  });

  it('is followed by a fresh one when it has run out, told or not', async () => {
    const past = await ask([signedIn, said('Hi')], request, { token: token(NOW_MS - 1) });
    expect(past.http.requests).toHaveLength(2);
    const refused = await ask([{ status: 401, pieces: ['{"detail":"expired"}'] }, signedIn, said('Hi')]);
    expect(refused.http.requests).toHaveLength(3);
    expect(refused.parts).toContainEqual({ type: 'text-delta', choice: 0, text: 'Hi' });
  });

  it('is refreshed by the pool: at once where there is none, ahead of its end where that is known', async () => {
    expect(openai.expiresAtMs?.({ id: ID })).toBe(0);
    expect(openai.expiresAtMs?.({ id: ID, token: LIVE })).toBe(NOW_MS + 3_600_000);
    expect(openai.expiresAtMs?.({ id: ID, token: 'opaque' })).toBeUndefined();
    expect(openai.expiresAtMs?.({ apiKey: 'k' })).toBeUndefined();
    expect(await openai.refresh?.(contextOf(createFakeHttp(signedIn), {}))).toEqual({ id: ID, token: LIVE });
  });

  it('that is not given is told as such', async () => {
    await expect(ask([{ pieces: ['{"detail":"no"}'] }], request, {})).rejects.toMatchObject({ code: 'upstream_auth' });
  });
});

describe('the answer', () => {
  it('is rebuilt: one model, an end, usage', async () => {
    const { parts } = await ask([said('Hello there')]);
    assertChatOrder(parts);
    expect(parts).toEqual([
      { type: 'start', model: 'degpt-model' },
      { type: 'text-delta', choice: 0, text: 'Hello' },
      { type: 'text-delta', choice: 0, text: ' ther' },
      { type: 'text-delta', choice: 0, text: 'e' },
      { type: 'finish', choice: 0, reason: 'stop' },
      { type: 'usage', usage: { inputTokens: 4, outputTokens: 4, totalTokens: 8 } },
    ]);
  });

  it('keeps its reasoning apart', async () => {
    const thought = `data: {"choices":[{"index":0,"delta":{"reasoning_content":"Hm"}}]}\n\n`;
    const { parts } = await ask([{ pieces: [thought, ...(said('Yes').pieces ?? [])] }]);
    expect(parts).toContainEqual({ type: 'reasoning-delta', choice: 0, text: 'Hm' });
    expect(parts).toContainEqual({ type: 'text-delta', choice: 0, text: 'Yes' });
  });

  it('that says in its text that it failed is a failure, and nothing of it is passed on', async () => {
    const http = createFakeHttp(said(FAILURE));
    const parts = [];
    let thrown: unknown;
    try {
      for await (const part of openai.chat?.(request, contextOf(http)) ?? []) parts.push(part);
    } catch (error) {
      thrown = error;
    }
    expect(parts).toEqual([]);
    expect(thrown).toBeInstanceOf(GatewayError);
    expect(thrown).toMatchObject({ code: 'upstream_forbidden', data: { saw: 'refused' } });
  });

  it('that only begins like the failure, or quotes it, is an answer', async () => {
    for (const text of ['Sorry, you are right', `${FAILURE} That is what it said.`]) {
      const { parts } = await ask([said(text)]);
      expect(parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('')).toBe(text);
    }
  });

  it('of null is none', async () => {
    await expect(ask([{ pieces: ['null'] }])).rejects.toMatchObject({ code: 'upstream_interrupted' });
  });
});

it('lists the models of the configuration where the sign-in tells none', async () => {
  const http = createFakeHttp(signedIn, { pieces: ['{"default_models":"a, b"}'] });
  expect(await openai.models?.(contextOf(http, {}))).toEqual([{ id: 'a' }, { id: 'b' }]);
});

it('has nothing but chat', async () => {
  const parts = openai.embed?.({ model: 'm', inputs: ['a'] }, contextOf(createFakeHttp()));
  await expect(parts?.[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'upstream_model_missing' });
});
