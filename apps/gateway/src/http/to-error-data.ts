import { HttpException } from '@nestjs/common';
import { type ErrorData, GatewayError, toGatewayError } from '@sluice/contracts/gateway-error';
import type { FastifyRequest } from 'fastify';
import { suggestPath } from '../extra-routes/mend-path.js';

/** Whatever reached the outermost handler, in our words: the framework's own failures included. */
export function toErrorData(thrown: unknown, request: FastifyRequest): ErrorData {
  if (thrown instanceof GatewayError) return thrown.data;
  const status = statusOf(thrown);
  if (status === 404) return { code: 'not_found', message: describeUnknown(request) };
  if (status === 405)
    return { code: 'method_not_allowed', message: `Method ${request.method} is not allowed for ${pathOf(request)}.` };
  if (status === 413) return { code: 'too_large', message: 'The request body is larger than this gateway accepts.' };
  if (status === 415) {
    return {
      code: 'unsupported_media_type',
      message: `Unsupported content type '${request.headers['content-type'] ?? ''}'; send application/json.`,
    };
  }
  if (status !== undefined && status >= 400 && status < 500)
    return { code: 'invalid_request', message: describeBadBody(thrown) };
  return toGatewayError(thrown).data;
}

function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (thrown instanceof Error && 'statusCode' in thrown && typeof thrown.statusCode === 'number')
    return thrown.statusCode;
  return thrown instanceof SyntaxError ? 400 : undefined;
}

function describeBadBody(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : '';
  return `We could not parse the body of your request as JSON. (${text || 'It is malformed.'})`;
}

function describeUnknown(request: FastifyRequest): string {
  const path = pathOf(request);
  const meant = suggestPath(path);
  const hint = meant === undefined || meant === path ? '' : ` Did you mean ${meant}?`;
  return `Invalid URL (${request.method} ${path})${hint}`;
}

/** As it was called: what is served may be written otherwise. */
function pathOf({ originalUrl }: FastifyRequest): string {
  return originalUrl.split('?', 1)[0] ?? originalUrl;
}
