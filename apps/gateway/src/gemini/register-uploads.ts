import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { sendError } from '../http/send-error.js';
import { toErrorData } from '../http/to-error-data.js';
import { stopReading } from '../media/stop-reading.js';
import type { GoogleUploads } from './google-uploads.service.js';

const LONGEST_BODY_BYTES = 2_048 * 1024 * 1024;

/** Google's upload paths. Beside Nest, since what comes is a file whatever its type says: no parser may gather it. */
export function registerUploads(server: FastifyInstance, uploads: Pick<GoogleUploads, 'begin' | 'goOn'>): void {
  void server.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      stopReading(request);
      sendError(request, reply, toErrorData(error, request));
    });
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    const options = { bodyLimit: LONGEST_BODY_BYTES };
    const begin = (request: FastifyRequest, reply: FastifyReply) => uploads.begin(request, reply);
    const goOn = (request: FastifyRequest, reply: FastifyReply) => uploads.goOn(request, reply);
    scope.post('/upload/v1beta/files', options, begin);
    scope.post('/upload/resumable', options, goOn);
    scope.put('/upload/resumable', options, goOn);
  });
}
