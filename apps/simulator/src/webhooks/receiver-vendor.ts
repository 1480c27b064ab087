import type { IncomingHttpHeaders } from 'node:http';
import { wait, waitUntilGone } from '../faults/wait.js';
import { drained } from '../http/drained.js';
import type { Exchange } from '../http/exchange.js';
import { readBytes } from '../http/read-bytes.js';
import { sendText } from '../http/send-text.js';
import type { Handler, Vendor } from '../vendor.js';
import { readReceiverAnswers, type ReceiverAnswer } from './receiver-answer.js';

const KEPT_HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'content-type', 'user-agent'];
const HUGE_CHUNK = Buffer.alloc(64 * 1024, 'x');

const handleDelivery: Handler = async (exchange, { state }) => {
  const { request, parameters } = exchange;
  const answers = readReceiverAnswers(new URL(request.url ?? '/', 'http://localhost').searchParams.get('answers'));
  const body = (await readBytes(request)).toString('utf8');
  const headers = pick(request.headers);
  const eventId = headers['webhook-id'] ?? '';
  state.journal.describe(exchange.record, { model: '', prompt: eventId, bodyBytes: body.length });
  const before = state.webhooks.add({ receiver: parameters[0] ?? '', eventId, headers, body });
  await give(exchange, answers[Math.min(before, answers.length - 1)] ?? { kind: 'status', status: 200 });
};

async function give(exchange: Exchange, answer: ReceiverAnswer): Promise<void> {
  const { response, signal } = exchange;
  switch (answer.kind) {
    case 'status':
      return send(exchange, answer.status);
    case 'slow':
      await wait(answer.delayMs, signal);
      return signal.aborted ? undefined : send(exchange, 200);
    case 'hang':
      return waitUntilGone(signal);
    case 'cut':
      return exchange.hangUp();
    case 'redirect':
      return send(exchange, 302, { location: exchange.path });
    case 'huge':
      response.writeHead(200, { 'content-type': 'text/plain' });
      while (!signal.aborted) if (!response.write(HUGE_CHUNK)) await drained(exchange);
  }
}

function send({ response }: Exchange, status: number, headers: Record<string, string> = {}): void {
  sendText(response, { status, contentType: 'text/plain', text: `answered with ${status}`, headers });
}

function pick(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(KEPT_HEADERS.map((name) => [name, String(headers[name] ?? '')]));
}

/** A client's server that hears of ends, and misbehaves as its URL says. It takes no key. */
export const receiverVendor: Vendor = {
  name: 'receiver',
  prefix: '/receivers',
  routes: [
    { method: 'POST', path: '/receivers/:name', handle: handleDelivery },
    // Who follows a redirect comes with this, and is counted like the rest.
    { method: 'GET', path: '/receivers/:name', handle: handleDelivery },
  ],
  keyOf: () => 'receiver',
  renderFailure: ({ detail }) => JSON.stringify({ error: { message: detail.message } }),
};
