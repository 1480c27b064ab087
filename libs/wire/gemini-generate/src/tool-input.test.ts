import { expect, it } from 'vitest';
import { toResponse } from './tool-input.js';

it.each([
  ['snow', { result: 'snow' }],
  ['12', { result: '12' }],
  ['12345678901234567890', { result: '12345678901234567890' }],
  ['1.0', { result: '1.0' }],
  ['[1,2]', { result: [1, 2] }],
  ['{"id":"12345678901234567890"}', { id: '12345678901234567890' }],
  ['{"id":12345678901234567890}', { result: '{"id":12345678901234567890}' }],
])('a result is told without a change to its digits: %s', (text, response) => {
  expect(toResponse(text)).toEqual(response);
});
