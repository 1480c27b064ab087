import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort, HttpResponse } from '@sluice/contracts/http-port';

export interface PublicFetch {
  url: string;
  /** Media types that are wanted, as the `accept` header. */
  accept: string;
  /** Ends the fetch, the reading of the body included. */
  signal: AbortSignal;
}

/** Fetches what a client's URL names. Failures are the client's: `invalid_request`, to be given the field's name. */
export type FetchPublic = (call: PublicFetch) => Promise<HttpResponse>;

const MAXIMUM_REDIRECTS = 3;
const LONGEST_URL = 8_192;
const HEADERS_TIMEOUT_MS = 15_000;
const IDLE_TIMEOUT_MS = 15_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * `http` decides which addresses may be connected to, anew for every redirect. Nothing of ours or of the client's goes
 * with the request: no key, no cookie, no user name out of the URL.
 */
export function createFetchPublic(http: HttpPort): FetchPublic {
  return async ({ url, accept, signal }) => {
    let target = parseUrl(url);
    for (let redirects = 0; redirects <= MAXIMUM_REDIRECTS; redirects++) {
      const response = await send(http, { url: target.href, accept, signal });
      if (!REDIRECTS.has(response.status)) return checkStatus(response);
      response.discard();
      target = parseUrl(response.headers['location'] ?? '', target);
    }
    throw refusal(`it redirects more than ${MAXIMUM_REDIRECTS} times`);
  };
}

async function send(http: HttpPort, { url, accept, signal }: PublicFetch): Promise<HttpResponse> {
  try {
    return await http.request({
      method: 'GET',
      url,
      headers: { accept, 'user-agent': 'sluice' },
      signal,
      headersTimeoutMs: HEADERS_TIMEOUT_MS,
      idleTimeoutMs: IDLE_TIMEOUT_MS,
    });
  } catch (error) {
    throw asRefusal(error);
  }
}

/** A transport's failure as the client's: it is told what is wrong with its URL, not with us. */
export function asRefusal(error: unknown): unknown {
  if (!(error instanceof GatewayError) || !error.code.startsWith('upstream_')) return error;
  return refusal(error.message.replace(/\.$/, ''));
}

function checkStatus(response: HttpResponse): HttpResponse {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (response.status === 200 && encoding === 'identity') return response;
  response.discard();
  if (response.status === 200) throw refusal('it answers compressed, which was not asked for');
  throw refusal(`it answers with status ${response.status}`);
}

function parseUrl(text: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : undefined;
  if (!url || text === '') throw refusal(base ? 'it redirects to no URL' : 'it is not a URL');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refusal('only http and https are fetched');
  if (url.href.length > LONGEST_URL) throw refusal(`it is longer than ${LONGEST_URL} characters`);
  url.username = '';
  url.password = '';
  url.hash = '';
  return url;
}

function refusal(why: string): GatewayError {
  return new GatewayError('invalid_request', `The URL cannot be fetched: ${why}.`, { reason: 'invalid_url' });
}
