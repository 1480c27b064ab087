import { expect, test } from 'vitest';
import { createAdminTokenCheck } from './admin-token.js';
import { createApiKeyText, hashApiKey, lastFourOf } from './api-key.js';
import { BoundedMap } from './bounded-map.js';

test('keys are long, of letters and digits, and never twice the same', () => {
  const keys = Array.from({ length: 100 }, createApiKeyText);
  for (const key of keys) expect(key).toMatch(/^sk-[0-9A-Za-z]{40}$/);
  expect(new Set(keys).size).toBe(100);
  expect(lastFourOf('sk-abcdefgh')).toBe('efgh');
});

test('a hash depends on the key and on the pepper', () => {
  const pepper = Buffer.alloc(32, 1);
  expect(hashApiKey(pepper, 'a')).toEqual(hashApiKey(pepper, 'a'));
  expect(hashApiKey(pepper, 'a')).not.toEqual(hashApiKey(pepper, 'b'));
  expect(hashApiKey(pepper, 'a')).not.toEqual(hashApiKey(Buffer.alloc(32, 2), 'a'));
});

test('only the whole admin token opens', () => {
  const check = createAdminTokenCheck('token');
  expect([check('token'), check('toke'), check('token '), check(''), check(undefined)]).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

test('a full map forgets the oldest', () => {
  const map = new BoundedMap<number>(2);
  map.set('a', 1);
  map.set('b', 2);
  map.set('a', 3);
  map.set('c', 4);
  expect([map.get('a'), map.get('b'), map.get('c'), map.size]).toEqual([3, undefined, 4, 2]);
});
