import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpResponse } from '@sluice/contracts/http-port';
import type { UpstreamFile } from '@sluice/upstream-kit/job';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { GeminiCredential } from './gemini.credential.js';
import { toGeminiFailure } from './gemini.error.js';
import { authorization } from './gemini.request.js';

type Context = AccountContext<GeminiCredential>;

const MOST_REDIRECTS = 3;
const IDLE_TIMEOUT_MS = 60_000;
const HEADERS_TIMEOUT_MS = 60_000;

/** Fetches a finished file. The key is shown to the account's own origin alone: a redirect elsewhere is answered unread. */
export async function open(file: UpstreamFile, context: Context): Promise<HttpResponse> {
  let url = new URL(file.url);
  if (!isHome(url, context)) throw new GatewayError('internal', 'A file of another origin needs no key of ours.');
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const response = await fetchOnce(url, context);
    const next = redirectOf(response, url);
    if (next === undefined) return usable(response, context);
    if (!isHome(next, context)) return response;
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
    headers: { accept: 'video/*, application/octet-stream', ...authorization(context) },
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

/** A page or a JSON text with a 200 is no video. */
async function usable(response: HttpResponse, context: Context): Promise<HttpResponse> {
  if (response.status < 200 || response.status >= 300) throw await toGeminiFailure(response, context.clock.now());
  const mediaType = response.headers['content-type']?.toLowerCase() ?? '';
  if (!/^(?:text\/|application\/(?:json|xml))/.test(mediaType)) return response;
  response.discard();
  const message = `The upstream sent ${mediaType.split(';')[0] ?? ''} instead of a video.`;
  throw new GatewayError('upstream_bad_answer', message, { saw: 'refused' });
}

function isHome(url: URL, { baseUrl }: Context): boolean {
  return url.origin === new URL(baseUrl).origin;
}
