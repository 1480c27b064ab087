import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { UpstreamFile } from './job.js';
import type { AccountContext } from './upstream-context.js';

export interface Home {
  /** What shows the account to its own server. */
  headers: Record<string, string>;
  /** What an answer with an error status says. */
  toFailure(response: HttpResponse): Promise<GatewayError>;
}

const MOST_REDIRECTS = 3;
const IDLE_TIMEOUT_MS = 60_000;
const HEADERS_TIMEOUT_MS = 60_000;

/**
 * Fetches a finished file from the account's own origin, the only one to which the account is shown. A redirect elsewhere is
 * answered unread: whether an address that an upstream names may be reached is not for an adapter to say, who may reach private ones.
 */
export async function openAtHome(
  file: UpstreamFile,
  context: Pick<AccountContext<unknown>, 'baseUrl' | 'http' | 'signal'>,
  home: Home,
): Promise<HttpResponse> {
  const { origin } = new URL(context.baseUrl);
  let url = new URL(file.url);
  if (url.origin !== origin) throw new GatewayError('internal', 'A file of another origin needs no key of ours.');
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const response = await context.http.request({
      method: 'GET',
      url: url.href,
      headers: { accept: 'video/*, image/*, application/octet-stream, application/binary', ...home.headers },
      signal: context.signal,
      headersTimeoutMs: HEADERS_TIMEOUT_MS,
      idleTimeoutMs: IDLE_TIMEOUT_MS,
    });
    const next = redirectOf(response, url);
    if (next === undefined) return usable(response, home);
    if (next.origin !== origin) return response;
    response.discard();
    url = next;
  }
  throw new GatewayError('upstream_bad_answer', 'The upstream sends its file from address to address.', {
    saw: 'refused',
  });
}

function redirectOf({ status, headers }: HttpResponse, from: URL): URL | undefined {
  const location = headers['location'];
  if (status < 300 || status >= 400 || location === undefined || !URL.canParse(location, from.href)) return undefined;
  return new URL(location, from);
}

/** A page or a JSON text with a 200 is no file. */
async function usable(response: HttpResponse, { toFailure }: Home): Promise<HttpResponse> {
  if (response.status < 200 || response.status >= 300) throw await toFailure(response);
  const mediaType = response.headers['content-type']?.toLowerCase() ?? '';
  if (!/^(?:text\/|application\/(?:json|xml))/.test(mediaType)) return response;
  response.discard();
  const message = `The upstream sent ${mediaType.split(';')[0] ?? ''} instead of a file.`;
  throw new GatewayError('upstream_bad_answer', message, { saw: 'refused' });
}
