import Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openChat } from './harness/chat-stream.js';
import { eventually } from './harness/eventually.js';
import { sharedSluice } from './harness/shared-sluice.js';
import { SluiceClient } from './harness/sluice-client.js';
import { unique } from './harness/unique.js';

const sluice = sharedSluice();
const { gateway, apiKey } = sluice.run;
const anthropic = new Anthropic({ baseURL: gateway, apiKey, authToken: null, maxRetries: 0 });

const echoSchema = z.looseObject({ messages: z.array(z.looseObject({ role: z.string(), content: z.unknown() })) });

const ask = (session: string, text: string, client: OpenAI = sluice.openai) => {
  const body = { model: 'sim-chat', messages: [{ role: 'user' as const, content: text }], session_id: session };
  return client.chat.completions.create(body).withResponse();
};

/** What the upstream is sent after a conversation. */
async function heard(session: string, client: OpenAI = sluice.openai): Promise<string[]> {
  const { data } = await ask(session, 'and now? [[sim:echo-request]]', client);
  const received: unknown = JSON.parse(data.choices[0]?.message.content ?? '');
  expect(received).not.toHaveProperty('session_id');
  return echoSchema.parse(received).messages.map(({ role, content }) => `${role}: ${String(content)}`);
}

describe('a conversation that is kept', () => {
  it('goes on by its id, plain and streamed, and in the other dialect', async () => {
    const id = unique('session');
    const { response } = await ask(id, 'one');
    expect(response.headers.get('x-sluice-session')).toBe(id);
    expect(response.headers.get('x-sluice-ignored-fields')).toBeNull();
    await sluice.stream('two', { session_id: id });
    const third = { model: 'sim-chat', max_tokens: 99, messages: [{ role: 'user' as const, content: 'three' }] };
    await anthropic.messages.stream(third, { headers: { 'x-sluice-session': id } }).finalMessage();
    expect(await heard(id)).toEqual([
      'user: one',
      'assistant: Simulated reply to: one',
      'user: two',
      'assistant: Simulated reply to: two',
      'user: three',
      'assistant: Simulated reply to: three',
      'user: and now? [[sim:echo-request]]',
    ]);
  });

  it('gets a name where it has none, and is forgotten when asked', async () => {
    const { response } = await ask('new', 'hello');
    const id = response.headers.get('x-sluice-session') ?? '';
    expect(id).toMatch(/^session_/);
    expect((await sluice.call(`/v1/sessions/${id}`)).json()).toMatchObject({ id, turns: 1 });
    const cleared = await sluice.call('/api/v1/session/clear', { body: { session_id: id } });
    expect(cleared.json()).toMatchObject({ status: 'success', cleared: true });
    expect((await sluice.call(`/v1/sessions/${id}`)).status).toBe(404);
    expect((await sluice.call(`/v1/sessions/${id}`, { method: 'DELETE' })).json()).toMatchObject({ deleted: true });
    expect(await heard(id)).toHaveLength(1);
  });

  it("is another one under another caller's key", async () => {
    const id = unique('session');
    await ask(id, 'secret');
    const { key } = await sluice.admin.createKey(unique('other'));
    const other = new SluiceClient({ ...sluice.run, apiKey: key });
    expect((await other.call(`/v1/sessions/${id}`)).status).toBe(404);
    expect(await heard(id, other.openai)).toHaveLength(1);
  });

  it('learns nothing from an answer that failed', async () => {
    const id = unique('session');
    const { model } = await sluice.admin.createModel();
    const failing = { model, session_id: id, messages: [{ role: 'user', content: 'no [[sim:status=400]]' }] };
    expect((await sluice.call('/v1/chat/completions', { body: failing })).status).toBe(400);
    expect((await sluice.stream('no [[sim:error-after=2]]', { model, session_id: id })).error).toBeDefined();
    expect(await heard(id)).toHaveLength(1);
  });

  it('keeps what was said when the client leaves', async () => {
    const id = unique('session');
    const leaving = new AbortController();
    const prompt = 'long [[sim:chunks=40,chunk-delay-ms=50]]';
    const body = { model: 'sim-chat', session_id: id, messages: [{ role: 'user', content: prompt }] };
    const opened = await openChat({ gateway, apiKey, body, signal: leaving.signal });
    let seen = '';
    try {
      for await (const bytes of opened.body) {
        seen += Buffer.from(bytes).toString();
        if (seen.includes('reply')) leaving.abort();
      }
    } catch (error) {
      if (!leaving.signal.aborted) throw error;
    }
    await eventually('the turn', async () => (await sluice.call(`/v1/sessions/${id}`)).status === 200);
    expect((await heard(id))[1]).toMatch(/^assistant: Simulated reply/);
  });

  it('loses nothing of calls at once', async () => {
    const id = unique('session');
    await Promise.all(['a', 'b', 'c', 'd'].map((text) => ask(id, text)));
    const said = await heard(id);
    expect(said).toHaveLength(9);
    for (const text of ['a', 'b', 'c', 'd']) {
      const at = said.indexOf(`user: ${text}`);
      expect(said[at + 1]).toBe(`assistant: Simulated reply to: ${text}`);
    }
  });

  it('keeps tool calls with their results', async () => {
    const id = unique('session');
    const tools = [
      { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } },
    ] as const;
    const call = (messages: object[]) => {
      const body = { model: 'sim-chat', session_id: id, tools, messages };
      return sluice.call('/v1/chat/completions', { body });
    };
    const first = await call([{ role: 'user', content: 'do [[sim:tools=1]]' }]);
    const [, callId = ''] = /"tool_calls":\[\{.*?"id":"([^"]+)"/.exec(first.text) ?? [];
    const second = await call([{ role: 'tool', tool_call_id: callId, content: 'done' }]);
    expect(second.status).toBe(200);
    const roles = (await heard(id)).map((line) => line.split(':', 1)[0]);
    expect(roles).toEqual(['user', 'assistant', 'tool', 'assistant', 'user']);
  });

  it('a bad name is refused by its field', async () => {
    const failed = await sluice.call('/v1/chat/completions', {
      body: { model: 'sim-chat', session_id: 'two words', messages: [{ role: 'user', content: 'x' }] },
    });
    expect(failed.status).toBe(400);
    expect(failed.json()).toMatchObject({ error: { param: 'session_id' } });
  });
});

describe('signatures that the client drops', () => {
  it('come back to the upstream that gave them', async () => {
    const tools: OpenAI.ChatCompletionTool[] = [
      { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } },
    ];
    const model = 'sim-gemini-3.5-flash';
    const asked = { role: 'user' as const, content: 'please [[sim:tools=1]]' };
    for (const isStreamed of [false, true]) {
      const run = { model, tools, messages: [asked] };
      const answer = isStreamed
        ? await sluice.openai.chat.completions.stream(run).finalChatCompletion()
        : await sluice.openai.chat.completions.create(run);
      const [made] = answer.choices[0]?.message.tool_calls ?? [];
      if (made?.type !== 'function') throw new Error('no call was made');
      const { id, function: called } = made;
      const kept = { id, type: 'function' as const, function: { name: called.name, arguments: called.arguments } };
      const messages: OpenAI.ChatCompletionMessageParam[] = [
        asked,
        { role: 'assistant', tool_calls: [kept] },
        { role: 'tool', tool_call_id: id, content: 'sunny' },
        { role: 'user', content: 'so? [[sim:echo-request]]' },
      ];
      const { choices } = await sluice.openai.chat.completions.create({ model, tools, messages });
      const [, signature = ''] = /"thoughtSignature":\s*"([^"]+)"/.exec(choices[0]?.message.content ?? '') ?? [];
      // Not the word that stands for a signature that nobody knows.
      expect(signature).not.toMatch(/^(?:skip|context|$)/);
    }
  });
});
