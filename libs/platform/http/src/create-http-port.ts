import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort, HttpRequest } from '@sluice/contracts/http-port';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { isGlobalAddress } from './address-guard.js';
import { CallResponse } from './call-response.js';
import type { HttpAgents } from './http-agents.js';
import { ADDRESS_REFUSED } from './http-error.js';
import { HttpCall } from './http-call.js';
import { openSocket } from './open-socket.js';
import type { Place } from './place.js';

export interface HttpPortOptions {
  /** For addresses that an operator named; never for those that came from a client or an upstream. */
  allowPrivateNetwork: boolean;
  /** `http://` or `https://` proxy through which everything goes. */
  proxyUrl?: string;
  agents: HttpAgents;
}

const HEADERS_TIMEOUT_MS = 300_000;
const IDLE_TIMEOUT_MS = 300_000;

/** Redirects are the caller's business; nothing is decompressed, since nothing compressed is asked for. */
export function createHttpPort({ allowPrivateNetwork, proxyUrl, agents }: HttpPortOptions): HttpPort {
  const dispatcher = agents.dispatcher({ allowPrivateNetwork, proxyUrl });
  return {
    async request(request) {
      const place = agents.places.read(request.url);
      if (!allowPrivateNetwork) refusePrivateLiteral(place);
      const options = toDispatch(request, place);
      const body = options.body instanceof Readable ? options.body : undefined;
      const call = new HttpCall({ signal: request.signal, host: place.host, body });
      if (!request.signal.aborted) send(dispatcher, options, call);
      return new CallResponse(await call.head, call, place.host);
    },
    async connect(handshake) {
      const place = agents.places.read(handshake.url.replace(/^ws/, 'http'));
      if (!allowPrivateNetwork) refusePrivateLiteral(place);
      return openSocket(handshake, dispatcher);
    },
  };
}

/** What the dispatcher refuses is the call's failure, like all that it meets later. */
function send(dispatcher: Dispatcher, options: Dispatcher.DispatchOptions, call: HttpCall): void {
  try {
    dispatcher.dispatch(options, call);
  } catch (error) {
    call.fail(error);
  }
}

function toDispatch(request: HttpRequest, { origin, path }: Place) {
  return {
    origin,
    path,
    method: request.method,
    // A proxy's agent writes its `host` into them, and callers may use theirs again for another.
    headers: request.headers ? { ...request.headers } : null,
    body: toBody(request.body),
    headersTimeout: request.headersTimeoutMs ?? HEADERS_TIMEOUT_MS,
    bodyTimeout: request.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
  } satisfies Dispatcher.DispatchOptions;
}

function toBody(body: HttpRequest['body']): string | Uint8Array | Readable | null {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) return body ?? null;
  // What it fails of after the call has ended concerns nobody.
  return Readable.from(body, { objectMode: false }).on('error', () => undefined);
}

/** A literal address is connected to without a lookup, so it is judged here. */
function refusePrivateLiteral({ address, host }: Place): void {
  if (address === undefined || isGlobalAddress(address)) return;
  const message = `${host} is not an address of the public Internet; private networks are not allowed here.`;
  throw new GatewayError('upstream_unreachable', message, { saw: 'nothing', upstreamCode: ADDRESS_REFUSED });
}
