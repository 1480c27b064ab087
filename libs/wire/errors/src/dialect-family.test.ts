import { expect, it } from 'vitest';
import { familyOfPath } from './dialect-family.js';

it.each([
  ['/v1/messages', 'anthropic'],
  ['/v1/messages?beta=true', 'anthropic'],
  ['/v1/messages/count_tokens', 'anthropic'],
  ['/api/v1/messages', 'anthropic'],
  ['/v1/messagesque', 'openai'],
  ['/v1beta/models', 'google'],
  ['/v1beta', 'google'],
  ['/upload/v1beta/files', 'google'],
  ['/upload/resumable?upload_id=a', 'google'],
  ['/upload/other', 'openai'],
  ['/v1betas', 'openai'],
  ['/v1/chat/completions', 'openai'],
  ['/api/videos', 'studio'],
  ['/api/videos?page=2', 'studio'],
  ['/api/auth/me', 'studio'],
  ['/api/nonsense', 'studio'],
  ['/api', 'studio'],
  ['/api/v1', 'openai'],
  ['/api/v1/videos', 'openai'],
  ['/apis', 'openai'],
  ['/', 'openai'],
  ['', 'openai'],
  ['/nonsense/v1/messages', 'openai'],
])('%s is of %s', (path, family) => {
  expect(familyOfPath(path)).toBe(family);
});

it("tells the two owners of /v1/models apart by Anthropic's version", () => {
  expect(familyOfPath('/v1/models', { 'anthropic-version': '2023-06-01' })).toBe('anthropic');
  expect(familyOfPath('/v1/models/a', { 'anthropic-version': '2026-10-21' })).toBe('anthropic');
  expect(familyOfPath('/v1/models', { 'anthropic-version': '' })).toBe('openai');
  expect(familyOfPath('/v1/models')).toBe('openai');
  expect(familyOfPath('/v1/chat/completions', { 'anthropic-version': '2023-06-01' })).toBe('openai');
});
