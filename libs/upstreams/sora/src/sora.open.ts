import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { UpstreamFile } from '@sluice/upstream-kit/job';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { SoraCredential } from './sora.credential.js';
import { assertSuccess, authorization } from './sora.request.js';

type Context = AccountContext<SoraCredential>;

const MOST_REDIRECTS = 3;
const IDLE_TIMEOUT_MS = 60_000;
const HEADERS_TIMEOUT_MS = 60_000;

/** Fetches a finished file, by way of the vendor's storage where it sends us there. The key goes to the vendor's own origin alone. */
export async function open(file: UpstreamFile, context: Context): Promise<HttpResponse> {
  let url = new URL(file.url);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const response = await fetchOnce(url, context);
    const next = redirectOf(response, url);
    if (next === undefined) return usable(response, { isHome: isHome(url, context), context });
    response.discard();
    url = next;
  }
  throw new GatewayError('upstream_bad_answer', 'The upstream sends its file from address to address.', {
    saw: 'refused',
  });
}

function fetchOnce(url: URL, context: Context): Promise<HttpResponse> {
  return context.http.request({
    method: 'GET',
    url: url.href,
    headers: {
      accept: 'video/*, image/*, application/octet-stream, application/binary',
      ...(isHome(url, context) && authorization(context)),
    },
    signal: context.signal,
    headersTimeoutMs: HEADERS_TIMEOUT_MS,
    idleTimeoutMs: IDLE_TIMEOUT_MS,
  });
}

function redirectOf({ status, headers }: HttpResponse, from: URL): URL | undefined {
  const location = headers['location'];
  if (status < 300 || status >= 400 || location === undefined || !URL.canParse(location, from.href)) return undefined;
  return new URL(location, from);
}

/** A page or a JSON text with a 200 is no file. What a storage refuses is a link, not the account. */
async function usable(
  response: HttpResponse,
  { isHome: isFromHome, context }: { isHome: boolean; context: Context },
): Promise<HttpResponse> {
  if (isFromHome) await assertSuccess(response, context);
  const { status, headers } = response;
  const mediaType = headers['content-type']?.toLowerCase() ?? '';
  const isPage = /^(?:text\/|application\/(?:json|xml))/.test(mediaType);
  if (status >= 200 && status < 300 && !isPage) return response;
  response.discard();
  if (status < 200 || status >= 300) throw deadLink(status);
  const message = `The upstream sent ${mediaType.split(';')[0] ?? ''} instead of a file.`;
  throw new GatewayError('upstream_bad_answer', message, { saw: 'refused' });
}

function isHome(url: URL, { baseUrl }: Context): boolean {
  return url.origin === new URL(baseUrl).origin;
}

function deadLink(status: number): GatewayError {
  const message = `The upstream's storage answered with status ${status}: the link to the file may have expired.`;
  return new GatewayError('upstream_error', message, { saw: 'refused', upstreamStatus: status });
}
