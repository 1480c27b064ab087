import { once } from 'node:events';
import { toGatewayError } from '@sluice/contracts/gateway-error';
import { SSE_HEADERS, sseData } from '@sluice/wire-sse/sse-encode';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { headerOf } from '../http/call-context.js';
import { textHeaders } from '../http/text-headers.js';

/** Clients send their whole body before they read: so much of the answer is kept for them. */
const LONGEST_BACKLOG_BYTES = 64 * 1024 * 1024;

/** Answers with one JSON object a line, or one event each where the client accepts those, as they come. */
export async function streamLines(
  request: FastifyRequest,
  reply: FastifyReply,
  batches: AsyncIterable<readonly object[]>,
): Promise<void> {
  const isSse = headerOf(request, 'accept')?.includes('text/event-stream') ?? false;
  const encode = isSse ? sseData : (json: string) => `${json}\n`;
  const headers = isSse ? SSE_HEADERS : { 'content-type': 'application/x-ndjson; charset=utf-8' };
  await streamText({ reply, headers, pieces: encodeAll(batches, encode) });
}

/** Answers with text as it comes. What fails before the first piece is still an HTTP status. */
export async function streamText(options: {
  reply: FastifyReply;
  headers: Record<string, string>;
  pieces: AsyncIterable<string>;
}): Promise<void> {
  const { reply, headers, pieces } = options;
  const iterator = pieces[Symbol.asyncIterator]();
  let next = await iterator.next();
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { ...textHeaders(reply), ...headers });
  while (!next.done && !raw.destroyed) {
    raw.write(next.value);
    if (raw.writableLength > LONGEST_BACKLOG_BYTES) await Promise.race([once(raw, 'drain'), once(raw, 'close')]);
    next = await iterator.next();
  }
  await iterator.return?.();
  raw.end();
}

/** A failure in the middle is the last line. */
async function* encodeAll(
  batches: AsyncIterable<readonly object[]>,
  encode: (json: string) => string,
): AsyncGenerator<string> {
  let isStarted = false;
  try {
    for await (const batch of batches) {
      isStarted = true;
      if (batch.length > 0) yield batch.map((one) => encode(JSON.stringify(one))).join('');
    }
  } catch (thrown) {
    if (!isStarted) throw thrown;
    const { code, message } = toGatewayError(thrown).data;
    yield encode(JSON.stringify({ error: { code, message } }));
  }
}
