import type { Part, PartRecord } from '@sluice/contracts/part';
import { expect, test } from 'vitest';
import { toldThoughts } from './told-thoughts.js';

const thought = (text: string, choice = 0): Part => ({ type: 'reasoning-delta', choice, text });
const text = (said: string, choice = 0): Part => ({ type: 'text-delta', choice, text: said });
const finish = (choice = 0): Part => ({ type: 'finish', choice, reason: 'stop' });

async function tell(parts: Part[], where: 'think' | 'none'): Promise<Part[]> {
  async function* tail(): AsyncGenerator<PartRecord[]> {
    for (const [sequence, part] of parts.entries()) yield [{ sequence, part }];
  }
  const told: Part[] = [];
  for await (const records of toldThoughts(tail(), where)) told.push(...records.map(({ part }) => part));
  return told;
}

test('thoughts stand between marks in the text, of each alternative apart', async () => {
  const parts = [thought('a'), thought('b'), thought('x', 1), text('c'), text('y', 1), finish(), finish(1)];
  expect(await tell(parts, 'think')).toEqual([
    text('<think>\na'),
    text('b'),
    text('<think>\nx', 1),
    text('\n</think>\n'),
    text('c'),
    text('\n</think>\n', 1),
    text('y', 1),
    finish(),
    finish(1),
  ]);
});

test('marks are closed where nothing else is said', async () => {
  expect(await tell([thought('a'), finish()], 'think')).toEqual([text('<think>\na'), text('\n</think>\n'), finish()]);
  const ended: Part = { type: 'succeeded' };
  expect(await tell([thought('a'), ended], 'think')).toEqual([text('<think>\na'), text('\n</think>\n'), ended]);
});

test('thoughts can be left out', async () => {
  expect(await tell([thought('a'), text('c'), finish()], 'none')).toEqual([text('c'), finish()]);
});
