import { expect, test } from 'vitest';
import { fitsAny } from './name-pattern.js';

test.each([
  ['gemini-2.5-pro', 'gemini-2.5-pro', true],
  ['gemini-2.5-pro', 'gemini-2.5', false],
  ['gemini-2.5-pro', 'gemini-*', true],
  ['gemini-2.5-pro', '*-pro', true],
  ['gemini-2.5-pro', '*2.5*', true],
  ['gemini-2.5-pro', 'g*2.5*o', true],
  ['gemini-2.5-pro', '*', true],
  ['gemini-2X5-pro', 'gemini-2.5-pro', false],
  ['aba', 'ab*ba', false],
  ['abba', 'ab*ba', true],
  ['xgemini', 'gemini*', false],
])('%s and %s: %s', (name, pattern, fits) => {
  expect(fitsAny(name, [pattern])).toBe(fits);
});

test('a pattern with many stars takes no time', () => {
  expect(fitsAny('a'.repeat(5_000), [`${'*a'.repeat(90)}b`])).toBe(false);
});
