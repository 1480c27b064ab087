import { expect, test } from 'vitest';
import { selectSession } from './select-session.js';

const all = { byBody: true, byUser: true };
const select = (body: unknown, header?: string, rules = all) => selectSession({ header, body, rules });

test('the header counts before the body, and the body before the user', () => {
  const body = { session_id: 'b', user: 'u' };
  expect(select(body, 'h')).toBe('h');
  expect(select(body)).toBe('b');
  expect(select({ user: 'u' })).toBe('user_u');
  expect(select({ user_id: 7 })).toBe('user_7');
  expect(select({ metadata: { user_id: 'a b' } })).toBe('user_a%20b');
});

test('the body and the user count only where that is set', () => {
  const body = { session_id: 'b', user: 'u' };
  expect(select(body, undefined, { byBody: false, byUser: true })).toBe('user_u');
  expect(select({ user: 'u' }, undefined, { byBody: true, byUser: false })).toBeUndefined();
  expect(select({ session_id: '', user: null })).toBeUndefined();
  expect(select(null)).toBeUndefined();
});

test('a new one gets a name of its own', () => {
  expect(select({ session_id: 'new' })).toMatch(/^session_[0-9a-f]{24}$/);
  expect(select({ session_id: 'new' })).not.toBe(select({ session_id: 'new' }));
});

test.each(['two words', 'x'.repeat(257), { a: 1 }, 'ü'])('%s is no name', (session) => {
  expect(() => select({ session_id: session })).toThrow(
    expect.objectContaining({ data: expect.objectContaining({ code: 'invalid_request', param: 'session_id' }) }),
  );
});
