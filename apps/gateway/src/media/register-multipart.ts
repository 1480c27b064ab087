import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';

/** Lets bodies of `multipart/form-data` through unread: whoever takes forms calls `readMultipart`. */
export function registerMultipart(server: FastifyInstance): void {
  // What is too large is found, and told, by whoever takes the file.
  void server.register(multipart, { throwFileSizeLimit: false });
}
