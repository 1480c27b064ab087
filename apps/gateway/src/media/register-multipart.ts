import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';

/** Lets bodies of `multipart/form-data` through unread: whoever takes forms calls `readMultipart`. */
export function registerMultipart(server: FastifyInstance): void {
  // What is too large is found, and told, by whoever takes the file.
  multipart(withoutHooks(server), { throwFileSizeLimit: false }, () => {});
}

/** The plug-in's hooks clean up files that it saved, with two promises for every request, form or not: here it saves none. */
function withoutHooks(server: FastifyInstance): FastifyInstance {
  return Object.create(server, { addHook: { value: () => server } }) as FastifyInstance;
}
