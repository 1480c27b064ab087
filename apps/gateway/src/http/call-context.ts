import { GatewayError } from '@sluice/contracts/gateway-error';
import { childTraceparent, createTraceparent } from '@sluice/platform-telemetry/trace-context';
import type { FastifyRequest } from 'fastify';

/** What is common to the calls of all dialects: who calls, and with which wishes. */
export interface CallContext {
  keyId: string;
  requestId: string;
  traceparent: string;
  /** How long the call may wait for a free credential. */
  deadlineMs: number;
  bodyBytes: number;
  /** Nobody waits for it: whoever waits for something goes first. */
  isDeferred?: true;
  /** Where it wants the end of something durable to be told; as it came. */
  webhookUrl?: string;
}

/** Names a URL that hears of the end of what this one call makes. */
export const WEBHOOK_HEADER = 'x-sluice-webhook';

declare module 'fastify' {
  interface FastifyRequest {
    /** The API key's id; set by the authentication hook on the paths that need one. */
    keyId: string | undefined;
    /** A call of ours for the key's owner, a line of a batch; set by the same hook. */
    isDeferred: boolean;
  }
}

const DEFAULT_DEADLINE_MS = 60_000;
const LONGEST_DEADLINE_MS = 3_600_000;

export function callContextOf(request: FastifyRequest): CallContext {
  const { keyId } = request;
  if (!keyId) throw new GatewayError('unauthenticated', 'You did not provide an API key.');
  const parent = headerOf(request, 'traceparent');
  const webhookUrl = headerOf(request, WEBHOOK_HEADER);
  return {
    keyId,
    requestId: request.id,
    traceparent: parent ? childTraceparent(parent) : createTraceparent(),
    deadlineMs: readDeadlineMs(headerOf(request, 'x-sluice-deadline-ms')),
    bodyBytes: Number(headerOf(request, 'content-length') ?? Number.MAX_SAFE_INTEGER),
    ...(request.isDeferred && { isDeferred: true as const }),
    ...(webhookUrl !== undefined && { webhookUrl }),
  };
}

/** A header's only value; an empty one counts as absent. */
export function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return (Array.isArray(value) ? value[0] : value)?.trim() || undefined;
}

function readDeadlineMs(text: string | undefined): number {
  if (text === undefined) return DEFAULT_DEADLINE_MS;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= LONGEST_DEADLINE_MS) return value;
  throw new GatewayError(
    'invalid_request',
    `x-sluice-deadline-ms must be an integer from 0 to ${LONGEST_DEADLINE_MS}.`,
    {
      param: 'x-sluice-deadline-ms',
    },
  );
}
