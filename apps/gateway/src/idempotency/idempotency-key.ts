import { GatewayError } from '@sluice/contracts/gateway-error';
import type { FastifyRequest } from 'fastify';
import { headerOf } from '../http/call-context.js';

const LONGEST_KEY = 255;

/** The call's `Idempotency-Key`; bare and quoted forms of one word are the same key. */
export function idempotencyKeyOf(request: FastifyRequest): string | undefined {
  const text = headerOf(request, 'idempotency-key');
  if (text === undefined) return undefined;
  const key = /^"(.*)"$/.exec(text)?.[1] ?? text;
  if (key !== '' && key.length <= LONGEST_KEY) return key;
  throw new GatewayError('invalid_request', `Idempotency-Key must have 1 to ${LONGEST_KEY} characters.`, {
    param: 'Idempotency-Key',
  });
}
