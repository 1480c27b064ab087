import { expect, it } from 'vitest';
import { splitInsideCharacters } from './split-inside-characters.js';

it('cuts inside every multi-byte character and loses nothing', () => {
  const text = 'a–é🦊z';
  const pieces = splitInsideCharacters(Buffer.from(text));
  expect(pieces).toHaveLength(4);
  expect(Buffer.concat(pieces).toString()).toBe(text);
  expect(pieces[0]?.toString()).not.toBe('a–');
  expect(pieces[0]?.at(-1)).toBe(0xe2);
});

it('leaves plain text whole', () => {
  expect(splitInsideCharacters(Buffer.from('abc'))).toHaveLength(1);
});
