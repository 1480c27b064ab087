import { expect, it } from 'vitest';
import { Router } from './router.js';

const router = new Router([
  { method: 'GET', path: '/v1/models', handle: 'list' },
  { method: 'GET', path: '/v1/models/:model', handle: 'one' },
]);

it('finds literal paths and patterns, and decodes after matching', () => {
  expect(router.find('GET', '/v1/models')?.route.handle).toBe('list');
  expect(router.find('GET', '/v1/models/vendor%2Fname')?.parameters).toEqual(['vendor/name']);
});

it('finds nothing for another method or a longer path', () => {
  expect(router.find('POST', '/v1/models')).toBeUndefined();
  expect(router.find('GET', '/v1/models/a/b')).toBeUndefined();
});
