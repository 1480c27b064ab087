import type { Exchange } from '../http/exchange.js';
import { sendText, writeHead } from '../http/send-text.js';
import type { Fault } from './fault.js';
import { wait, waitUntilGone } from './wait.js';

const jsonType = 'application/json';
const sliceDelayMs = 5;

/** Sends a JSON body whole, or broken in the way the fault asks for. */
export async function sendBody(exchange: Exchange, text: string, fault: Fault | undefined): Promise<void> {
  const reply = { status: fault?.status ?? 200, contentType: jsonType, text };
  if (fault === undefined) return sendText(exchange.response, reply);
  if (fault.garbageJson)
    return sendText(exchange.response, { ...reply, text: text.slice(0, Math.ceil(text.length / 2)) });
  const breaksOff = fault.cutAfter !== undefined || fault.stallAfter !== undefined;
  if (!breaksOff && fault.slowBodyBytes === undefined) return sendText(exchange.response, reply);

  const body = Buffer.from(text);
  writeHead(exchange.response, reply, body.length);
  exchange.response.flushHeaders();
  if (breaksOff) await breakOff(exchange, body, fault);
  else await sendSlices(exchange, body, fault);
}

/** Sends the first `cutBytes` (half by default), then hangs up or falls silent. */
async function breakOff(exchange: Exchange, body: Buffer, fault: Fault): Promise<void> {
  const beginning = body.subarray(0, fault.cutBytes ?? Math.floor(body.length / 2));
  if (beginning.length > 0) await new Promise<void>((resolve) => exchange.response.write(beginning, () => resolve()));
  if (fault.cutAfter !== undefined) exchange.hangUp();
  else await waitUntilGone(exchange.signal);
}

async function sendSlices(exchange: Exchange, body: Buffer, fault: Fault): Promise<void> {
  const sliceBytes = fault.slowBodyBytes ?? body.length;
  for (let offset = 0; offset < body.length && !exchange.signal.aborted; offset += sliceBytes) {
    exchange.response.write(body.subarray(offset, offset + sliceBytes));
    await wait(fault.chunkDelayMs ?? sliceDelayMs, exchange.signal);
  }
  exchange.response.end();
}
