import { expect, test } from 'vitest';
import { chatPathsSchema, chatPrefixesSchema } from './chat-path.js';

test('paths come as a list or as one text, and are trimmed', () => {
  expect(chatPathsSchema.parse(' /a/chat/ , ,/v1/chat, /a/chat')).toEqual(['/a/chat', '/v1/chat']);
  expect(chatPathsSchema.parse(['/v1/chat/completions'])).toEqual(['/v1/chat/completions']);
  expect(chatPrefixesSchema.parse('/tenant/')).toEqual(['/tenant']);
});

test.each([
  '/',
  'chat',
  '/a//b',
  '/a/../b',
  '/a?b',
  '/a%2fb',
  '/a b',
  '/admin/api/keys',
  '/healthz',
  '/metrics',
  '/v1/messages',
  '/api/v1/models',
  '/v1',
  '/v1beta/models',
  '/api/auth/x',
])('%s cannot be taken', (path) => {
  if (path === '/v1') expect(chatPrefixesSchema.safeParse([path]).success).toBe(false);
  else expect(chatPathsSchema.safeParse([path]).success).toBe(false);
});
