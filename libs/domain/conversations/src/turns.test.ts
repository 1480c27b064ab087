import type { Message } from '@sluice/contracts/chat';
import type { Part } from '@sluice/contracts/part';
import { describe, expect, test } from 'vitest';
import { answerMessage } from './answer-message.js';
import { boundTurns } from './bound-turns.js';
import { pairTools } from './pair-tools.js';
import { stripMedia } from './strip-media.js';
import type { Turn } from './turn.js';

const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const said = (text: string): Message => ({ role: 'assistant', content: [{ type: 'text', text }] });
const called = (...ids: string[]): Message => ({
  role: 'assistant',
  content: ids.map((id) => ({ type: 'tool-call' as const, id, name: 'f', input: '{}' })),
});
const result = (toolCallId: string): Message => ({ role: 'tool', toolCallId, content: [] });
const turn = (sequence: number, ...messages: Message[]): Turn => ({ sequence, createdAtMs: 0, bytes: 10, messages });

describe('bounds', () => {
  const turns = [turn(1, user('a'), called('x')), turn(2, result('x'), said('b')), turn(3, user('c'), said('d'))];
  const kept = (limits: { maxTurns: number; maxBytes: number }) =>
    boundTurns(turns, { ...limits, idleMs: 1 }).map(({ sequence }) => sequence);

  test('the oldest go first, by count and by bytes', () => {
    expect(kept({ maxTurns: 9, maxBytes: 30 })).toEqual([1, 2, 3]);
    expect(kept({ maxTurns: 1, maxBytes: 99 })).toEqual([3]);
    expect(kept({ maxTurns: 9, maxBytes: 19 })).toEqual([3]);
  });
  test('results go with the calls that they belong to', () => {
    expect(kept({ maxTurns: 2, maxBytes: 99 })).toEqual([3]);
  });
});

test('calls without results and results without calls are left out', () => {
  const whole = [user('a'), called('x', 'y'), result('x'), result('y'), said('b')];
  expect(pairTools(whole)).toEqual(whole);
  expect(pairTools([user('a'), called('x', 'y'), result('x'), user('b')])).toEqual([
    user('a'),
    called('x'),
    result('x'),
    user('b'),
  ]);
  expect(pairTools([result('z'), user('a'), called('x'), user('b'), result('x')])).toEqual([user('a'), user('b')]);
});

describe('an answer as a message', () => {
  const parts: Part[] = [
    { type: 'attempt', attempt: 1, upstream: 'u', model: 'm', credentialId: 'c' },
    { type: 'reasoning-delta', choice: 0, text: 'hm' },
    { type: 'reasoning-signature', choice: 0, signature: 'r' },
    { type: 'text-delta', choice: 0, text: 'he' },
    { type: 'text-delta', choice: 1, text: 'other' },
    { type: 'text-delta', choice: 0, text: 'llo' },
    { type: 'tool-input-start', choice: 0, index: 0, id: 'x', name: 'f', signature: 's' },
    { type: 'tool-input-delta', choice: 0, index: 0, delta: '{"a"' },
  ];
  test('whole, everything of the first choice is kept', () => {
    expect(answerMessage([...parts, { type: 'succeeded' }])?.content).toEqual([
      { type: 'reasoning', text: 'hm', signature: 'r' },
      { type: 'text', text: 'hello' },
      { type: 'tool-call', id: 'x', name: 'f', input: '{"a"', signature: 's' },
    ]);
  });
  test('cut short, only what was said', () => {
    expect(answerMessage([...parts, { type: 'cancelled', reason: '' }])?.content).toEqual([
      { type: 'text', text: 'hello' },
    ]);
    expect(answerMessage([{ type: 'cancelled', reason: '' }])).toBeUndefined();
  });
});

test('media that are too large are named', () => {
  const image = { type: 'image' as const, source: { type: 'data' as const, mediaType: 'image/png', base64: 'AAAA' } };
  const [stripped] = stripMedia([{ role: 'user', content: [image, { type: 'text', text: 'what?' }] }]);
  expect(stripped?.content).toEqual([
    { type: 'text', text: '[an image that is not kept]' },
    { type: 'text', text: 'what?' },
  ]);
});
