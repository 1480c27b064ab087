import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { Logger } from '@sluice/platform-logger/logger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from './send-error.js';
import { toErrorData } from './to-error-data.js';

/** The outermost handler: nothing that fails leaves the gateway in another shape. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const error = toErrorData(thrown, request);
    if (error.code === 'internal')
      this.logger.error({ err: thrown, requestId: request.id }, 'request failed unexpectedly');
    if (reply.sent || reply.raw.destroyed) return;
    sendError(request, reply, error);
  }
}
