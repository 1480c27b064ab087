import type { ChatRequest } from '@sluice/contracts/chat';
import { expect, it } from 'vitest';
import { countTokens } from './count-tokens.js';

const say = (text: string): ChatRequest => ({
  model: 'm',
  messages: [{ role: 'user', content: [{ type: 'text', text }] }],
});

it('is never 0', () => {
  expect(countTokens({ model: 'm', messages: [] })).toBe(1);
});

it('is near what models count, in any script', () => {
  const english = countTokens(say('The quick brown fox jumps over the lazy dog. '.repeat(100)));
  expect(english).toBeGreaterThan(900);
  expect(english).toBeLessThan(1500);
  const chinese = countTokens(say('敏捷的棕色狐狸跳过了懒狗'.repeat(100)));
  expect(chinese).toBeGreaterThan(800);
  expect(chinese).toBeLessThan(1800);
});

it('counts images and files without reading them', () => {
  const source = { type: 'data' as const, mediaType: 'image/png', base64: 'A'.repeat(1_000_000) };
  expect(countTokens({ model: 'm', messages: [{ role: 'user', content: [{ type: 'image', source }] }] })).toBeLessThan(
    2000,
  );
  expect(
    countTokens({ model: 'm', messages: [{ role: 'user', content: [{ type: 'file', source }] }] }),
  ).toBeGreaterThan(2000);
});
