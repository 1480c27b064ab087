import { GatewayError } from '@sluice/contracts/gateway-error';
import { parseBody } from '@sluice/contracts/parse-body';
import { expect, test } from 'vitest';
import { checkCredential, createCredentialSchema, updateCredentialSchema } from './credential-input.js';

const body = { upstream: 'openai', kind: 'api-key', secret: { apiKey: 'sk-1' } };
const parts = { ...body, baseUrl: null, allowPrivateNetwork: false };

function problemOf(work: () => unknown): { param: string | undefined; message: string } {
  try {
    work();
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'invalid_request')
      return { param: error.data.param, message: error.message };
    throw error;
  }
  throw new Error('nothing was refused');
}

test.each([
  [{ ...body, limits: { chat: 0 } }, 'limits.chat'],
  [{ ...body, limits: { nonsense: 1 } }, 'limits.nonsense'],
  [{ ...body, models: [] }, 'models'],
  [{ ...body, weight: 0 }, 'weight'],
  [{ ...body, unknown: 1 }, 'unknown'],
  [{ kind: 'api-key', secret: {} }, 'upstream'],
  ['text', 'body'],
])('a wrong field is named (%#)', (given, param) => {
  expect(problemOf(() => parseBody(createCredentialSchema, given)).param).toBe(param);
});

test.each([
  [{ upstream: 'nobody' }, 'upstream'],
  [{ kind: 'toString' }, 'kind'],
  [{ secret: {} }, 'secret.apiKey'],
  [{ secret: { apiKey: '' } }, 'secret.apiKey'],
  [{ baseUrl: 'ftp://example.com' }, 'baseUrl'],
  [{ baseUrl: 'https://user:word@example.com' }, 'baseUrl'],
  [{ baseUrl: 'https://example.com/v1?x=1' }, 'baseUrl'],
  [{ baseUrl: 'http://127.0.0.1:9' }, 'baseUrl'],
  [{ baseUrl: 'http://[::1]:9' }, 'baseUrl'],
  [{ baseUrl: 'http://localhost' }, 'baseUrl'],
  [{ baseUrl: 'http://169.254.169.254' }, 'baseUrl'],
])('what does not belong together is named (%#)', (change, param) => {
  expect(problemOf(() => checkCredential({ ...parts, ...change })).param).toBe(param);
});

test.each([
  ['https://example.com', 'https://example.com/v1'],
  ['https://example.com/', 'https://example.com/v1'],
  ['https://example.com/v1//', 'https://example.com/v1'],
  ['https://example.com/api/openai', 'https://example.com/api/openai'],
  ['HTTPS://Example.com:443/v1', 'https://example.com/v1'],
])('%s is kept as %s', (given, kept) => {
  expect(checkCredential({ ...parts, baseUrl: given }).baseUrl).toBe(kept);
});

test('a private base URL is taken where the operator allows it', () => {
  const checked = checkCredential({ ...parts, baseUrl: 'http://127.0.0.1:9', allowPrivateNetwork: true });
  expect(checked.effectiveBaseUrl).toBe('http://127.0.0.1:9/v1');
});

test('an edit may leave everything out and take models away', () => {
  expect(parseBody(updateCredentialSchema, { models: null })).toEqual({ models: null });
  expect(problemOf(() => parseBody(updateCredentialSchema, { upstream: 'openai' })).param).toBe('upstream');
});
