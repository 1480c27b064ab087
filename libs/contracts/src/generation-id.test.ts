import { expect, it } from 'vitest';
import { createGenerationId, generationTimeMs, randomHex } from './generation-id.js';

it('tells when it was made', () => {
  expect(generationTimeMs(createGenerationId(1_700_000_000_123))).toBe(1_700_000_000_123);
});

it('is never drawn twice, whatever was drawn in between', () => {
  const drawn = Array.from({ length: 5_000 }, (_, index) => [randomHex(20), randomHex(index % 2 ? 24 : 12)]);
  for (const [id, other] of drawn) expect([id?.length, other?.length]).toEqual([20, expect.toBeOneOf([12, 24])]);
  expect(new Set(drawn.flat()).size).toBe(10_000);
  expect(drawn.every(([id = '']) => /^[0-9a-f]{20}$/.test(id))).toBe(true);
});
