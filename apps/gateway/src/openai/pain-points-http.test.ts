import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { InteractiveGeneration } from '@sluice/contracts/generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { onClientGone } from '../generations/client-gone.js';
import { generationHeaders, ranWith } from '../generations/generation-headers.js';
import { registerAuthentication } from '../http/register-authentication.js';
import { chatEndpoint } from './chat.endpoint.js';

const GENERATION = { id: 'gen_1', model: 'alias' } as InteractiveGeneration;

describe('pain point 11: a client that leaves is not noticed', () => {
  it.each([
    [false, 1],
    [true, 0],
  ])("its answer's close counts, unless the answer was complete (%s)", (writableEnded, times) => {
    const response = Object.assign(new EventEmitter(), { writableEnded });
    let gone = 0;
    onClientGone(response as unknown as ServerResponse, () => (gone += 1));
    response.emit('close');
    response.emit('close');
    expect(gone).toBe(times);
  });
});

it.each([
  { authorization: 'Bearer sk-1' },
  { authorization: 'bearer  sk-1 ' },
  { 'x-api-key': 'sk-1' },
  { 'x-api-key': '', authorization: 'Bearer sk-1' },
  { 'x-goog-api-key': 'sk-1' },
])('pain point 12: the key in the header that the client happens to use: %j', async (headers) => {
  const server = fastify();
  const seen: (string | undefined)[] = [];
  const authenticate = (presented: string | undefined) => {
    seen.push(presented);
    throw new GatewayError('unauthenticated', 'no');
  };
  registerAuthentication(server, { authenticate, isAdminToken: () => false });
  server.post('/v1/chat/completions', () => ({}));
  await server.inject({ method: 'POST', url: '/v1/chat/completions', headers, payload: {} });
  expect(seen).toEqual(['sk-1']);
});

it('pain point 18: the model that really ran is told, in a header and in the answer', () => {
  const records = [
    { sequence: 1, part: { type: 'attempt', attempt: 1, upstream: 'a', model: 'first', credentialId: 'c' } as const },
    { sequence: 2, part: { type: 'attempt', attempt: 2, upstream: 'b', model: 'second', credentialId: 'd' } as const },
    { sequence: 3, part: { type: 'start', model: 'second-2026' } as const },
    { sequence: 4, part: { type: 'text-delta', choice: 0, text: 'x' } as const },
    { sequence: 5, part: { type: 'finish', choice: 0, reason: 'stop' } as const },
    { sequence: 6, part: { type: 'succeeded' } as const },
  ];
  const ran = ranWith(records, GENERATION);
  expect(generationHeaders(GENERATION, ran)).toMatchObject({
    'x-sluice-upstream': 'b',
    'x-sluice-model': 'second-2026',
  });
  const call = chatEndpoint(
    { model: 'alias', messages: [{ role: 'user', content: 'x' }] },
    { keyId: 'k', requestId: 'r', traceparent: '', deadlineMs: 1, bodyBytes: 1 },
  );
  if (call instanceof Promise) throw new Error('decoded at once');
  const context = { generationId: 'gen_1', createdAtMs: 0, model: ran.model };
  expect(
    call.encodeWhole(
      records.map(({ part }) => part),
      context,
    ),
  ).toMatchObject({ model: 'second-2026' });
});
