import { drained } from '../http/drained.js';
import type { Exchange } from '../http/exchange.js';
import type { EventStream, Framing } from './event-stream.js';
import type { Fault } from './fault.js';
import { sendFaultyEvents } from './send-faulty-events.js';

const usual: Framing = {
  contentType: 'text/event-stream; charset=utf-8',
  frame: (data) => `data: ${data}\n\n`,
  closing: '',
  frameError: (data) => `data: ${data}\n\n`,
};

/** Sends a stream of events, well-formed or broken in the way the fault asks for. */
export async function sendEvents(exchange: Exchange, stream: EventStream, fault: Fault | undefined): Promise<void> {
  const framing = stream.framing ?? usual;
  exchange.response.writeHead(200, { 'content-type': framing.contentType, 'cache-control': 'no-cache' });
  exchange.markFirstByte();
  if (fault !== undefined) return sendFaultyEvents(exchange, stream, fault);
  let position = 0;
  for (const data of stream.events) {
    if (!exchange.response.write(framing.frame(data, position++))) await drained(exchange);
    if (exchange.response.destroyed) return;
  }
  exchange.response.end(framing.closing);
}
