import type { ServerResponse } from 'node:http';
import { z } from 'zod';

/** An answer as it can be given again. */
export const keptAnswerSchema = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()),
  /** Base64. */
  body: z.string(),
});
export type KeptAnswer = z.infer<typeof keptAnswerSchema>;

const LARGEST_KEPT_BYTES = 8 * 1024 * 1024;
/** Of one connection, or of one call: they are made anew. */
const NOT_KEPT = new Set([
  'connection',
  'keep-alive',
  'date',
  'transfer-encoding',
  'x-request-id',
  'request-id',
  'content-length',
]);

/**
 * Looks on while an answer is written, whole or streamed. Calls back once: with what was sent, or with undefined where it
 * broke off or is too large to be kept.
 */
export function captureAnswer(response: ServerResponse, done: (answer: KeptAnswer | undefined) => void): void {
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
    if (!response.writableFinished || bytes > LARGEST_KEPT_BYTES) return done(undefined);
    done({ status: response.statusCode, headers: headersOf(response), body: Buffer.concat(chunks).toString('base64') });
  });
}

function headersOf(response: ServerResponse): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(response.getHeaders()))
    if (value !== undefined && !NOT_KEPT.has(name)) headers[name] = String(value);
  return headers;
}

function asEncoding(encoding: unknown): BufferEncoding {
  return typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8';
}
