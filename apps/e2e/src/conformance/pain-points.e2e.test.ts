import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { eventually } from '../harness/eventually.js';
import { openCall } from '../harness/http-call.js';
import { sharedSluice } from '../harness/shared-sluice.js';
import { unique } from '../harness/unique.js';
import { RAW_DIALECTS } from './raw-dialects.js';

const sluice = sharedSluice();
const { gateway, apiKey } = sluice.run;
const chat = (prompt: string) => ({ model: 'sim-chat', messages: [{ role: 'user' as const, content: prompt }] });

describe.each(RAW_DIALECTS)('$name', ({ call, modelOf }) => {
  it.each(['error-in-200', 'error-in-stream=0', 'html', 'empty-body'])(
    'pain point 5: an error as HTTP 200 (%s) is a status, streamed or not',
    async (markers) => {
      const { model } = await sluice.admin.createModel();
      for (const isStreamed of markers.includes('=0') ? [true] : [true, false]) {
        const { path, body } = call(`fails [[sim:${markers}]]`, { model, isStreamed });
        const answer = await sluice.call(path, { body });
        expect(answer.status).toBeGreaterThanOrEqual(500);
        expect(answer.json()).toHaveProperty('error.message');
      }
    },
  );

  it('pain point 11: who leaves before the first token ends the work, and no other account is asked', async () => {
    const { model } = await sluice.admin.createModel();
    await sluice.admin.createModel({ models: [model] });
    const { path, body } = call('leaves [[sim:first-event-delay-ms=20000]]', { model, isStreamed: true });
    const leaving = new AbortController();
    const headers = { authorization: `Bearer ${apiKey}` };
    const opening = openCall({ url: gateway + path, headers, body, signal: leaving.signal }).catch(() => undefined);
    await sluice.simulator.waitFor('received', { model });
    leaving.abort();
    await opening;
    const { counts } = await sluice.simulator.waitFor('aborted', { model });
    expect(counts).toMatchObject({ received: 1, aborted: 1 });
  });

  it.each<[string, Record<string, string>, string]>([
    ['a Bearer token', { authorization: `Bearer ${apiKey}` }, ''],
    ['x-api-key', { 'x-api-key': apiKey }, ''],
    ['x-goog-api-key', { 'x-goog-api-key': apiKey }, ''],
    ['a Bearer token beside an empty x-api-key', { 'x-api-key': '', authorization: `Bearer ${apiKey}` }, ''],
    ['the query', {}, `key=${apiKey}`],
  ])('pain point 12: the key is taken from %s', async (_place, headers, query) => {
    const { path, body } = call('hello', { model: 'sim-chat', isStreamed: false });
    expect((await sluice.bareCall(`${path}?${query}`, { body, headers })).status).toBe(200);
  });

  it('pain point 15: a call that is repeated under its key is paid once', async () => {
    const { model } = await sluice.admin.createModel();
    const { path, body } = call('expensive', { model, isStreamed: false });
    const headers = { 'idempotency-key': unique('key') };
    const first = await sluice.call(path, { body, headers });
    const retried = { ...headers, 'x-stainless-retry-count': '1' };
    // What was answered is kept just after it was sent.
    const again = await eventually('it is answered again', async () => {
      const answer = await sluice.call(path, { body, headers: retried });
      return answer.status !== 409 && answer;
    });
    expect([again.status, again.text]).toEqual([200, first.text]);
    expect((await sluice.simulator.requests({ model })).counts.received).toBe(1);
  });

  it('pain point 18: the model that really ran is named, in the answer and in a header', async () => {
    const alias = unique('alias');
    const routed = { targets: [{ upstream: 'openai', model: 'sim-chat' }], strategy: 'priority' };
    expect((await sluice.admin.call('PUT', `/routes/${alias}`, routed)).status).toBeLessThan(300);
    const { path, body } = call('hello', { model: alias, isStreamed: false });
    const answer = await sluice.call(path, { body });
    expect([modelOf(answer.json()), answer.headers['x-sluice-model']]).toEqual(['sim-chat', 'sim-chat']);
  });
});

describe('pain point 4: a responses stream without a terminal event', () => {
  it.each([
    ['', 'response.completed'],
    ['error-in-stream=3', 'response.failed'],
    ['cut=3', 'response.failed'],
  ])('with “%s” it ends with %s, and closes', async (markers, terminal) => {
    const { model } = await sluice.admin.createModel();
    const body = { model, input: `goes on [[sim:chunks=9,${markers}]]`, stream: true };
    const { text } = await sluice.call('/v1/responses', { body });
    const types = [...text.matchAll(/^event: (.+)$/gm)].map(([, type]) => type);
    expect(types.at(-1)).toBe(terminal);
    expect(types.filter((type) => /^response\.(?:completed|failed|incomplete)$/.test(type ?? ''))).toHaveLength(1);
  });
});

describe('pain point 7: schema keywords that Gemini refuses', () => {
  const parameters = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      when: { oneOf: [{ type: 'string', format: 'date-time' }, { type: 'null' }] },
      tags: { type: 'array', uniqueItems: true, prefixItems: [{ type: 'string' }] },
    },
    propertyNames: { pattern: '^[a-z]+$' },
    additionalProperties: false,
  };

  it.each(['plan', '9.bad name!'])('never get there, nor does a name that it refuses (%s)', async (name) => {
    const { choices } = await sluice.openai.chat.completions.create({
      ...chat('plan it [[sim:tools=1]]'),
      model: 'sim-gemini-3.5-flash',
      tools: [{ type: 'function', function: { name, parameters } }],
    });
    expect(choices[0]?.message.tool_calls).toMatchObject([{ function: { name } }]);
  });
});

describe('pain point 17: previous_response_id', () => {
  it('a stale one is named at once, and the session goes on without it', async () => {
    const asking = { model: 'sim-chat', input: unique('stale') };
    const stale = sluice.openai.responses.create({ ...asking, previous_response_id: `resp_${'0'.repeat(32)}` });
    await expect(stale).rejects.toMatchObject({ status: 400, code: 'previous_response_not_found' });
    expect((await sluice.simulator.requests({ prompt: asking.input })).counts.received).toBe(0);
    expect((await sluice.openai.responses.create(asking)).output_text).toContain(asking.input);
  });
});

describe('pain point 19: base URLs that were mistyped', () => {
  it.each(['', '/v1/v1', '/openai/v1'])('an OpenAI client’s is served with “%s”', async (base) => {
    const openai = new OpenAI({ baseURL: gateway + base, apiKey, maxRetries: 0 });
    const { choices } = await openai.chat.completions.create(chat('hello'));
    expect(choices[0]?.message.content).toContain('hello');
    expect((await openai.responses.create({ model: 'sim-chat', input: 'hello' })).output_text).toContain('hello');
  });

  it('an Anthropic client’s is served with “/v1”', async () => {
    const anthropic = new Anthropic({ baseURL: `${gateway}/v1`, apiKey, authToken: null, maxRetries: 0 });
    expect((await anthropic.messages.create({ ...chat('hello'), max_tokens: 99 })).type).toBe('message');
  });

  it.each(['/v1', '/v1beta'])('a Gemini client’s is served with “%s”', async (base) => {
    const google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: gateway + base } });
    expect((await google.models.generateContent({ model: 'sim-chat', contents: 'hello' })).text).toContain('hello');
  });

  it('the right one is told where it cannot be guessed', async () => {
    const openai = new OpenAI({ baseURL: `${gateway}/v7`, apiKey, maxRetries: 0 });
    await expect(openai.chat.completions.create(chat('hello'))).rejects.toThrow('/v1/chat/completions');
  });
});
