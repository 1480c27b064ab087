import { expect, it } from 'vitest';
import { plainMediaType } from './plain-media-type.js';

it.each([
  ['application/octet-stream', 'batch.jsonl', 'application/jsonl'],
  ['text/plain', 'batch.jsonl', 'application/jsonl'],
  ['text/plain; charset=utf-8', 'notes', 'text/plain'],
  ['text/csv', 'a.txt', 'text/csv'],
  ['', 'a.csv', 'text/csv'],
  ['text/html', 'a.html', 'application/octet-stream'],
  ['image/svg+xml', 'a.svg', 'application/octet-stream'],
  ['', undefined, 'application/octet-stream'],
])('%s under the name %s is %s', (declaredType, filename, expected) => {
  expect(plainMediaType({ declaredType, filename })).toBe(expected);
});
