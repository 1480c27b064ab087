import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { handleControl } from './control/handle-control.js';
import { Exchange } from './http/exchange.js';
import type { Incoming } from './http/incoming.js';
import { Router } from './http/router.js';
import { sendJson, sendText } from './http/send-text.js';
import { SimulatedFailure } from './simulated-failure.js';
import type { SimulatorState } from './simulator-state.js';
import type { Handler, Vendor } from './vendor.js';

interface Mounted {
  readonly vendor: Vendor;
  readonly router: Router<Handler>;
  readonly state: SimulatorState;
}

/** The one entrance: control endpoint, or the vendor whose prefix the path has. */
export function createRequestListener(state: SimulatorState, vendors: readonly Vendor[]): RequestListener {
  const mounted = vendors.map((vendor) => ({ vendor, router: new Router(vendor.routes), state }));
  return (request, response) => {
    const path = pathOf(request);
    if (path.startsWith('/__control/')) return void handleControl({ request, response, path }, state);
    const found = mounted.find(({ vendor }) => path === vendor.prefix || path.startsWith(`${vendor.prefix}/`));
    if (found === undefined) return sendJson(response, 404, { error: { message: `Nothing is simulated at ${path}.` } });
    void handleVendor({ request, response, path }, found);
  };
}

async function handleVendor({ request, response, path }: Incoming, { vendor, router, state }: Mounted): Promise<void> {
  const key = vendor.keyOf(request.headers);
  const record = state.journal.open({ request, response, path, key });
  const exchange = new Exchange(request, response, path, record, state.clock);
  try {
    if (key === undefined) throw missingKey();
    const found = router.find(request.method ?? '', path);
    if (found === undefined) throw unknownPath(request.method ?? '', path);
    exchange.parameters = found.parameters;
    response.setHeader('x-request-id', `req_sim${record.sequence.toString(36)}`);
    await found.route.handle(exchange, { state, vendor });
  } catch (error) {
    if (error instanceof SimulatedFailure) record.refusedForMs = error.detail.quota?.waitMs;
    sendFailure(response, vendor, error);
  }
}

function sendFailure(response: ServerResponse, vendor: Vendor, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const failure = error instanceof SimulatedFailure ? error : defect(error);
  const { status, headers } = vendor.headOf?.(failure) ?? failure.detail;
  sendText(response, { status, contentType: 'application/json', text: vendor.renderFailure(failure), headers });
}

/** A mistake in the simulator itself must not pass for a fault that was asked for. */
function defect(error: unknown): SimulatedFailure {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return new SimulatedFailure('fault', {
    status: 500,
    message: `Defect in the simulator: ${String(error)}`,
    code: 'simulator_defect',
  });
}

function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '/';
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
}

function missingKey(): SimulatedFailure {
  return new SimulatedFailure('missing-key', {
    status: 401,
    message: "You didn't provide an API key. Provide it in an Authorization header using Bearer auth.",
  });
}

function unknownPath(method: string, path: string): SimulatedFailure {
  return new SimulatedFailure('unknown-path', { status: 404, message: `Invalid URL (${method} ${path})` });
}
