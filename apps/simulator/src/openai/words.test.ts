import { describe, expect, it } from 'vitest';
import { countWords, cutAfterWords, splitInto, splitWords } from './words.js';

it('splits at words and loses nothing', () => {
  const text = ' one two\n three  ';
  expect(splitWords(text).join('')).toBe(text);
  expect(splitWords(text)).toHaveLength(countWords(text));
});

describe('splitInto', () => {
  it.each([
    ['a b c d', 2],
    ['a b c d', 4],
    ['abcdef', 3],
    ['🦊🦊🦊🦊', 2],
  ])('cuts %j into %i pieces', (text, count) => {
    const pieces = splitInto(text, count);
    expect(pieces).toHaveLength(count);
    expect(pieces.join('')).toBe(text);
    expect(pieces.every((piece) => !/^[\udc00-\udfff]/.test(piece))).toBe(true);
  });
});

it('cuts after so many words, or not at all when there are no more', () => {
  expect(cutAfterWords('a b c', 2)).toBe('a b');
  expect(cutAfterWords('a b c', 3)).toBeUndefined();
});
