import type { Exchange } from '../http/exchange.js';
import { sendText } from '../http/send-text.js';
import { SimulatedFailure } from '../simulated-failure.js';
import type { Vendor } from '../vendor.js';
import type { Fault } from './fault.js';
import { wait } from './wait.js';

/** Plays the part of a fault that comes before any reply. True when the exchange is over by that. */
export async function preempt(exchange: Exchange, fault: Fault, vendor: Vendor): Promise<boolean> {
  if (fault.firstByteDelayMs !== undefined) await wait(fault.firstByteDelayMs, exchange.signal);
  const status = fault.status ?? 200;
  if (fault.lostReply) exchange.hangUp();
  else if (fault.html)
    sendText(exchange.response, { status, contentType: 'text/html; charset=utf-8', text: page(status) });
  else if (fault.emptyBody) sendText(exchange.response, { status, contentType: 'application/json', text: '' });
  else if (fault.errorIn200)
    sendText(exchange.response, { status: 200, contentType: 'application/json', text: renderedError(fault, vendor) });
  else if (fault.status !== undefined && fault.status >= 300) throw failureOf(fault);
  else return exchange.response.destroyed;
  return true;
}

/** The vendor's error body for a fault, also used inside streams. */
export function renderedError(fault: Fault, vendor: Vendor): string {
  return vendor.renderFailure(failureOf(fault));
}

function failureOf(fault: Fault): SimulatedFailure {
  const headers: Record<string, string> = {};
  if (fault.retryAfter !== undefined) headers['retry-after'] = String(fault.retryAfter);
  if (fault.retryAfterMs !== undefined) headers['retry-after-ms'] = String(fault.retryAfterMs);
  return new SimulatedFailure('fault', {
    status: fault.status ?? 500,
    message: fault.errorMessage ?? `Simulated failure ${fault.status ?? 500}.`,
    code: fault.errorCode,
    type: fault.errorType,
    headers,
  });
}

function page(status: number): string {
  return `<!doctype html><html><head><title>${status}</title></head><body><h1>${status}</h1><p>Simulated gateway page.</p></body></html>\n`;
}
