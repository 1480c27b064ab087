import { drained } from '../http/drained.js';
import type { Exchange } from '../http/exchange.js';
import type { EventStream } from './event-stream.js';
import type { Fault } from './fault.js';
import { sendFaultyEvents } from './send-faulty-events.js';

const eventStreamHeaders = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };

/** Sends a server-sent event stream, well-formed or broken in the way the fault asks for. */
export async function sendEvents(exchange: Exchange, stream: EventStream, fault: Fault | undefined): Promise<void> {
  exchange.response.writeHead(200, eventStreamHeaders);
  exchange.markFirstByte();
  if (fault !== undefined) return sendFaultyEvents(exchange, stream, fault);
  for (const data of stream.events) {
    if (!exchange.response.write(`data: ${data}\n\n`)) await drained(exchange);
    if (exchange.response.destroyed) return;
  }
  exchange.response.end();
}
