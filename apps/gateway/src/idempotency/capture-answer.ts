import type { ServerResponse } from 'node:http';
import { z } from 'zod';
import { isBroken } from './broken-answers.js';

/** An answer as it can be given again. */
export const keptAnswerSchema = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  /** Base64. */
  body: z.string(),
});
export type KeptAnswer = z.infer<typeof keptAnswerSchema>;

const LARGEST_KEPT_BYTES = 8 * 1024 * 1024;
/** Of one connection, or of one call: they are made anew. What signs somebody in is kept nowhere. */
const NOT_KEPT = new Set([
  'connection',
  'keep-alive',
  'date',
  'transfer-encoding',
  'x-request-id',
  'request-id',
  'content-length',
  'set-cookie',
]);

/**
 * Looks on while an answer is written, whole or streamed. Calls back once: with what was sent, or with undefined where it
 * broke off, told a failure at its end, or is too large to be kept.
 */
export function captureAnswer(response: ServerResponse, done: (answer: KeptAnswer | undefined) => void): void {
  // The client left before there was anything to look at: that event has passed.
  if (response.destroyed) return done(undefined);
  const headers = watchHeaders(response);
  const chunks: Buffer[] = [];
  let bytes = 0;
  const take = (chunk: unknown, encoding: unknown) => {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return;
    const buffer = typeof chunk === 'string' ? Buffer.from(chunk, asEncoding(encoding)) : Buffer.from(chunk);
    bytes += buffer.byteLength;
    if (bytes <= LARGEST_KEPT_BYTES) chunks.push(buffer);
  };
  const write = response.write.bind(response);
  const end = response.end.bind(response);
  response.write = ((...args: Parameters<typeof write>) => {
    take(args[0], args[1]);
    return write(...args);
  }) as typeof response.write;
  response.end = ((...args: Parameters<typeof end>) => {
    take(args[0], args[1]);
    return end(...args);
  }) as typeof response.end;
  response.once('close', () => {
    if (!response.writableFinished || isBroken(response) || bytes > LARGEST_KEPT_BYTES) return done(undefined);
    done({ status: response.statusCode, headers: headers(), body: Buffer.concat(chunks).toString('base64') });
  });
}

/** Returns what tells them in the end: those given to `writeHead` are in no list of the response's own. */
function watchHeaders(response: ServerResponse): () => Record<string, string> {
  const headers: Record<string, string> = {};
  const keep = (given: object) => {
    for (const [name, value] of Object.entries(given))
      if (value !== undefined && !NOT_KEPT.has(name.toLowerCase())) headers[name.toLowerCase()] = String(value);
  };
  const writeHead = response.writeHead.bind(response);
  response.writeHead = ((...args: Parameters<typeof writeHead>) => {
    keep(response.getHeaders());
    for (const given of args) if (typeof given === 'object' && given) keep(given);
    return writeHead(...args);
  }) as typeof response.writeHead;
  return () => headers;
}

function asEncoding(encoding: unknown): BufferEncoding {
  return typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8';
}
