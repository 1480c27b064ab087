import { isTerminal } from '@sluice/contracts/part';
import type { LiveTail } from '@sluice/domain-generations/live-tail';
import { SSE_HEADERS, sseComment, sseEvent } from '@sluice/wire-sse/sse-encode';
import type { FastifyReply } from 'fastify';
import { toGatewayError } from '@sluice/contracts/gateway-error';
import { textHeaders } from '../http/text-headers.js';

const HEARTBEAT_MS = 15_000;

/** A generation's events, each with its sequence number as id, so that a lost connection goes on where it broke. */
export async function replyEvents({ reply, tail }: { reply: FastifyReply; tail: LiveTail }): Promise<void> {
  const response = reply.raw;
  reply.hijack();
  response.writeHead(200, { ...textHeaders(reply), ...SSE_HEADERS });
  response.flushHeaders();
  response.once('close', () => tail.close());
  const beat = setInterval(() => response.write(sseComment('ping')), HEARTBEAT_MS);
  try {
    for await (const records of tail) {
      let frames = '';
      for (const { sequence, part } of records) {
        frames += sseEvent({
          id: String(sequence),
          event: isTerminal(part) ? part.type : 'part',
          data: JSON.stringify(part),
        });
      }
      response.write(frames);
    }
  } catch (error) {
    response.write(sseEvent({ event: 'error', data: JSON.stringify(toGatewayError(error).data) }));
  } finally {
    clearInterval(beat);
    response.end();
  }
}
