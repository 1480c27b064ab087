import { expect, it } from 'vitest';
import { inWireWords } from './wire-words.js';

it('a failure names fields as this dialect writes them', () => {
  const failure = { code: 'unsupported', message: "Invalid 'durationSeconds': '10'.", param: 'durationSeconds' };
  expect(inWireWords(failure)).toEqual({ code: 'unsupported', message: "Invalid 'seconds': '10'.", param: 'seconds' });
});

it('other failures are told as they are', () => {
  const named = { message: "Invalid 'size': 'durationSeconds of it'.", param: 'size' };
  expect(inWireWords(named)).toEqual(named);
  expect(inWireWords({ message: 'No.' })).toEqual({ message: 'No.' });
});
