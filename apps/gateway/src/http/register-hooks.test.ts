import { createMetrics } from '@sluice/platform-telemetry/metrics';
import fastify from 'fastify';
import { expect, it } from 'vitest';
import { registerHooks } from './register-hooks.js';

const FROM_A_PAGE = { origin: 'https://app.example' };

it.each([
  ['GET', '/v1/models', {}, true],
  ['GET', '/v1/models', FROM_A_PAGE, true],
  ['POST', '/v1/models', FROM_A_PAGE, true],
  ['POST', '/v1/models', {}, false],
] as const)('%s %s %j shows its ids to pages: %s', async (method, url, headers, isShown) => {
  const server = fastify();
  registerHooks(server, createMetrics({ service: 'test' }));
  server.route({ method: ['GET', 'POST'], url: '/v1/models', handler: () => ({}) });
  const answer = await server.inject({ method, url, headers });
  expect(answer.headers).toMatchObject({ 'access-control-allow-origin': '*', 'x-request-id': expect.any(String) });
  expect(answer.headers['access-control-expose-headers']?.toString().includes('x-request-id') ?? false).toBe(isShown);
});
