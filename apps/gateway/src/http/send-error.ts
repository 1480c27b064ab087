import type { ErrorData } from '@sluice/contracts/gateway-error';
import { encodeAnthropicError } from '@sluice/wire-errors/anthropic-error';
import { familyOfPath } from '@sluice/wire-errors/dialect-family';
import type { EncodeError, ErrorReply } from '@sluice/wire-errors/error-shape';
import { encodeGoogleError } from '@sluice/wire-errors/google-error';
import { encodeOpenaiError } from '@sluice/wire-errors/openai-error';
import { encodeStudioError } from '@sluice/wire-errors/studio-error';
import type { DialectFamily } from '@sluice/contracts/dialect';
import type { FastifyReply, FastifyRequest } from 'fastify';

const ENCODERS: Record<DialectFamily, EncodeError> = {
  openai: encodeOpenaiError,
  anthropic: encodeAnthropicError,
  google: encodeGoogleError,
  studio: encodeStudioError,
};

/** Answers with a failure in the dialect of the path that was called, whatever went wrong. */
export function sendError(request: FastifyRequest, reply: FastifyReply, error: ErrorData): void {
  const { status, headers, body } = encodeError(request, error);
  // Without this Fastify hangs up on a client that is still sending, and the reset takes the answer with it.
  if (error.code === 'too_large') reply.removeHeader('connection');
  void reply.status(status).headers(headers).type('application/json; charset=utf-8').send(JSON.stringify(body));
}

/** A failure in the words of the path's dialect, for an answer that is written otherwise. */
export function encodeError(request: FastifyRequest, error: ErrorData): ErrorReply {
  return ENCODERS[familyOfPath(request.url, request.headers)](error, { requestId: request.id });
}
