import type { FastifyReply } from 'fastify';

/** The headers set so far, for an answer that bypasses Fastify's own writing. */
export function textHeaders(reply: FastifyReply): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) headers[name] = String(value);
  return headers;
}
