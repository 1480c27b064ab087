import type { FastifyInstance } from 'fastify';
import type { Batches } from './create-batches.js';

/** Begins to run batches when the server can be called, by calls to itself; and has them give way to whoever else calls. */
export function registerBatches(server: FastifyInstance, batches: Pick<Batches, 'start' | 'watch'>): void {
  server.addHook('onRequest', (request, _reply, done) => {
    if (request.keyId !== undefined && !request.isDeferred && request.method === 'POST') batches.watch.note();
    done();
  });
  server.addHook('onReady', (done) => {
    batches.start((call) => server.inject(call));
    done();
  });
}
