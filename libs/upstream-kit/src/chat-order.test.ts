import type { ChatPart } from '@sluice/contracts/chat-part';
import { expect, it } from 'vitest';
import { assertChatOrder } from './chat-order.js';

const text: ChatPart = { type: 'text-delta', choice: 0, text: 'a' };
const finish: ChatPart = { type: 'finish', choice: 0, reason: 'stop' };
const usage: ChatPart = { type: 'usage', usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } };
const call: ChatPart = { type: 'tool-input-start', choice: 0, index: 0, id: 'c', name: 'f' };
const input: ChatPart = { type: 'tool-input-delta', choice: 0, index: 0, delta: '{}' };

it('accepts what is promised', () => {
  expect(() => assertChatOrder([{ type: 'start' }, text, call, input, finish, usage])).not.toThrow();
});

it.each<[string, ChatPart[]]>([
  ['nothing', []],
  ['no finish', [text]],
  ['two finishes', [text, finish, finish]],
  ['text after the finish', [finish, text]],
  ['usage before the finish', [text, usage, finish]],
  ['a late start', [text, { type: 'start' }, finish]],
  ['input without a call', [input, finish]],
  ['a call out of line', [{ ...call, index: 1 }, finish]],
  ['a call without a name', [{ ...call, name: '' }, finish]],
  ['half a token', [text, finish, { type: 'usage', usage: { inputTokens: 0.5, outputTokens: 0, totalTokens: 0 } }]],
])('refuses %s', (_name, parts) => {
  expect(() => assertChatOrder(parts)).toThrow();
});
