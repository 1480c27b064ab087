import type { Message } from '@sluice/contracts/chat';
import { expect, test } from 'vitest';
import { fitHistory, joinHistory, joinNativeHistory, newMessages } from './join-history.js';

const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const system: Message = { role: 'system', content: [{ type: 'text', text: 'be brief' }] };
const call: Message = { role: 'assistant', content: [{ type: 'tool-call', id: 'x', name: 'f', input: '{}' }] };
const result: Message = { role: 'tool', toolCallId: 'x', content: [{ type: 'text', text: 'ok' }] };

test('the history stands between the instructions and what is new', () => {
  expect(joinHistory([system, user('b')], [user('a')])).toEqual([system, user('a'), user('b')]);
  expect(newMessages({ model: 'm', messages: [system, user('b')] })).toEqual([user('b')]);
});

test('a call that waits for its result stays only when the result is there', () => {
  expect(fitHistory([user('a'), call], [result])).toEqual([user('a'), call]);
  expect(fitHistory([user('a'), call], [user('b')])).toEqual([user('a')]);
});

test("the client's own body says the same, without what only we understand", () => {
  const native = {
    dialect: 'openai-chat' as const,
    body: {
      model: 'm',
      session_id: 's',
      unknown_field: 1,
      messages: [
        { role: 'system', content: 'be brief' },
        { role: 'user', content: 'b' },
      ],
    },
  };
  expect(joinNativeHistory(native, [user('a')]).body).toEqual({
    model: 'm',
    unknown_field: 1,
    messages: [
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'a' },
      { role: 'user', content: 'b' },
    ],
  });
});
