import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort, HttpRequest } from '@sluice/contracts/http-port';
import { Readable } from 'node:stream';
import { request as send, type Dispatcher } from 'undici';
import { isGlobalAddress, literalAddress } from './address-guard.js';
import type { HttpAgents } from './http-agents.js';
import { ADDRESS_REFUSED, toHttpError } from './http-error.js';
import { createHttpResponse } from './http-response.js';
import { openSocket } from './open-socket.js';

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
      const url = parseUrl(request.url);
      if (!allowPrivateNetwork) refusePrivateLiteral(url);
      const call = { signal: request.signal, start: { isStarted: false }, host: url.host };
      try {
        const options = { ...sendOptions(request), dispatcher, opaque: call.start };
        return createHttpResponse(await send(url, options), call);
      } catch (error) {
        throw toHttpError({ ...call, error });
      }
    },
    async connect(handshake) {
      const url = parseUrl(handshake.url.replace(/^ws/, 'http'));
      if (!allowPrivateNetwork) refusePrivateLiteral(url);
      return openSocket(handshake, dispatcher);
    },
  };
}

function sendOptions(request: HttpRequest) {
  return {
    method: request.method,
    headers: request.headers ?? null,
    body: toBody(request.body),
    signal: request.signal,
    headersTimeout: request.headersTimeoutMs ?? HEADERS_TIMEOUT_MS,
    bodyTimeout: request.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
  } satisfies Partial<Dispatcher.RequestOptions>;
}

function toBody(body: HttpRequest['body']): string | Uint8Array | Readable | null {
  if (body === undefined || typeof body === 'string' || body instanceof Uint8Array) return body ?? null;
  return Readable.from(body, { objectMode: false });
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url;
  throw new GatewayError('upstream_unreachable', 'An upstream address is not an http(s) URL.', {
    saw: 'nothing',
    upstreamCode: 'ERR_INVALID_URL',
  });
}

/** A literal address is connected to without a lookup, so it is judged here. */
function refusePrivateLiteral(url: URL): void {
  const address = literalAddress(url.hostname);
  if (address === undefined || isGlobalAddress(address)) return;
  const message = `${url.host} is not an address of the public Internet; private networks are not allowed here.`;
  throw new GatewayError('upstream_unreachable', message, { saw: 'nothing', upstreamCode: ADDRESS_REFUSED });
}
