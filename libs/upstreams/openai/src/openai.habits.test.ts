import type { ChatHabits } from '@sluice/contracts/chat-habits';
import type { ChatRequest } from '@sluice/contracts/chat';
import type { JsonObject } from '@sluice/contracts/json';
import { createFakeHttp } from '@sluice/upstream-kit/fake-http';
import { describe, expect, it } from 'vitest';
import { createTestContext } from './create-test-context.js';
import { chat } from './openai.chat.js';

const ANSWER = { pieces: ['{"choices":[{"index":0,"message":{"content":"x"},"finish_reason":"stop"}]}'] };
const request: ChatRequest = {
  model: 'alias',
  maxOutputTokens: 9,
  messages: [
    { role: 'developer', content: [{ type: 'text', text: 'd' }] },
    { role: 'user', content: [{ type: 'text', text: 'u' }] },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'thought' },
        { type: 'text', text: 'a' },
      ],
    },
    { role: 'user', content: [{ type: 'text', text: 'v' }] },
  ],
};

async function sent(options: { baseUrl?: string; chatHabits?: ChatHabits; native?: JsonObject }) {
  const http = createFakeHttp(ANSWER);
  const { native, ...rest } = options;
  const own = native ? { native: { dialect: 'openai-chat' as const, body: native } } : {};
  const context = createTestContext({ http, isStreamed: false, ...rest, ...own });
  for await (const _part of chat(request, context)) continue;
  const body = JSON.parse(String(http.requests[0]?.body)) as JsonObject & { messages: JsonObject[] };
  const [first, , third] = body.messages;
  return {
    newer: body['max_completion_tokens'],
    older: body['max_tokens'],
    role: first?.['role'],
    reasoning: third?.['reasoning_content'],
  };
}

describe('without a word from the operator', () => {
  it('OpenAI is spoken to in its newer words, without fields that it did not define', async () => {
    const expected = { newer: 9, older: undefined, role: 'developer', reasoning: undefined };
    expect(await sent({ baseUrl: 'https://api.openai.com/v1' })).toEqual(expected);
    expect(await sent({ baseUrl: 'https://x.openai.azure.com/openai/v1' })).toEqual(expected);
  });

  it('everybody else in the words that all know', async () => {
    expect(await sent({})).toEqual({ newer: undefined, older: 9, role: 'system', reasoning: 'thought' });
    expect(await sent({ baseUrl: 'https://api.openai.com.example/v1' })).toMatchObject({ older: 9 });
  });

  it("a client's own body keeps its words, except that a limit is told once", async () => {
    const messages = [{ role: 'developer', content: 'd' }, {}, { role: 'assistant', reasoning_content: 't' }];
    expect(await sent({ native: { messages, max_tokens: 5 } })).toEqual({
      newer: undefined,
      older: 5,
      role: 'developer',
      reasoning: 't',
    });
    expect(await sent({ native: { messages, max_tokens: 5, max_completion_tokens: 7 } })).toMatchObject({
      newer: 7,
      older: undefined,
    });
  });
});

it('what the operator says holds for every body', async () => {
  const chatHabits = { reasoningContent: 'omit', tokenLimit: 'max_tokens', developerRole: 'system' } as const;
  const messages = [{ role: 'developer', content: 'd' }, {}, { role: 'assistant', reasoning_content: 't' }];
  const expected = { newer: undefined, older: 9, role: 'system', reasoning: undefined };
  expect(await sent({ chatHabits })).toEqual(expected);
  expect(await sent({ chatHabits, native: { messages, max_completion_tokens: 9 } })).toEqual(expected);
  expect(await sent({ chatHabits: { tokenLimit: 'max_completion_tokens' } })).toMatchObject({
    newer: 9,
    older: undefined,
  });
});
