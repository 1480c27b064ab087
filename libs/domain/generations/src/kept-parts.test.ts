import type { Part } from '@sluice/contracts/part';
import { expect, it } from 'vitest';
import { fromKept, toKept } from './kept-parts.js';

const sound: Part = { type: 'speech-delta', base64: Buffer.alloc(3_000, 7).toString('base64') };
const start: Part = { type: 'start' };
const end: Part = { type: 'succeeded' };

it('a text is kept as it is', () => {
  const parts: Part[] = [start, { type: 'text-delta', choice: 0, text: 'hi' }, end];
  expect(fromKept(parts.map(toKept))).toEqual(parts);
});

it('a sound is not, and who reads it again is told so', () => {
  const kept = [start, sound, sound, end].map(toKept);
  expect(kept[1]).toEqual({ type: 'omitted', bytes: 3_000 });
  expect(JSON.stringify(kept).length).toBeLessThan(200);
  expect(fromKept(kept)).toEqual([start, { type: 'failed', error: expect.objectContaining({ reason: 'expired' }) }]);
});
