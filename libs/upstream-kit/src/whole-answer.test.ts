import { expect, test } from 'vitest';
import { changeParts, takeParts, WholeAnswer } from './whole-answer.js';

async function* pieces(...parts: string[]): AsyncGenerator<string, void, undefined> {
  yield* parts;
}

async function gather(answer: AsyncIterable<string>): Promise<string[]> {
  const taken: string[] = [];
  await takeParts(answer, (part) => taken.push(part));
  return taken;
}

test('all parts of a whole answer are taken in one step', async () => {
  const taken: string[] = [];
  const taking = takeParts(new WholeAnswer(() => Promise.resolve(['a', 'b', 'c'])), (part) => taken.push(part));
  await Promise.resolve();
  expect(taken).toEqual(['a', 'b', 'c']);
  await taking;
});

test('an answer that comes in pieces is taken as it comes, expected or not', async () => {
  expect(await gather(pieces('a', 'b'))).toEqual(['a', 'b']);
  expect(await gather(new WholeAnswer(() => Promise.resolve(pieces('a', 'b'))))).toEqual(['a', 'b']);
});

test('a whole answer is an iterable like all others, and asks for nothing before it is read', async () => {
  let asked = 0;
  const answer = new WholeAnswer(() => {
    asked += 1;
    return Promise.resolve(['a', 'b']);
  });
  expect(asked).toBe(0);
  const read: string[] = [];
  for await (const part of answer) read.push(part);
  expect(read).toEqual(['a', 'b']);
  expect(asked).toBe(1);
});

test('what a whole answer fails of is what taking it fails of', async () => {
  const answer = new WholeAnswer<string>(() => Promise.reject(new Error('refused')));
  await expect(gather(answer)).rejects.toThrow('refused');
});

test('parts are changed, and a whole answer stays one', async () => {
  const louder = (part: string) => part.toUpperCase();
  const whole = changeParts(new WholeAnswer(() => Promise.resolve(['a', 'b'])), louder);
  expect(whole).toBeInstanceOf(WholeAnswer);
  expect(await gather(whole)).toEqual(['A', 'B']);
  expect(await gather(changeParts(new WholeAnswer(() => Promise.resolve(pieces('a', 'b'))), louder))).toEqual([
    'A',
    'B',
  ]);
  expect(await gather(changeParts(pieces('a', 'b'), louder))).toEqual(['A', 'B']);
});
