import { expect, it } from 'vitest';
import { isSameServer } from './same-server.js';

it.each([
  ['http://127.0.0.1:9000/f', 'http://127.0.0.1:9000/v1', true],
  ['http://localhost:9000/f', 'http://127.0.0.1:9000/v1', true],
  ['http://[::1]:9000/f', 'http://localhost:9000/v1', true],
  ['http://localhost:6379/f', 'http://127.0.0.1:9000/v1', false],
  ['http://localhost:9000/f', 'http://10.0.0.5:9000/v1', false],
  ['http://127.0.0.1:9000.evil.test/f', 'http://127.0.0.1:9000/v1', false],
  ['https://storage.test/f', 'https://vendor.test/v1', false],
  ['', 'https://vendor.test/v1', false],
])('%s and %s: %s', (url, other, isSame) => {
  expect(isSameServer(url, other)).toBe(isSame);
});
