import type { Lease } from '@sluice/contracts/credential';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpPort, HttpResponse } from '@sluice/contracts/http-port';
import type { UpstreamFile } from '@sluice/upstream-kit/job';
import { ownerContext } from './durable-context.js';
import type { DurableDeps } from './durable-deps.js';
import { type DurableJobKind, jobOf } from './durable-job.js';
import { isSameServer } from './same-server.js';

type FetchDeps<Credential> = Pick<
  DurableDeps<Credential>,
  'upstream' | 'clock' | 'httpFor' | 'isPrivateStorageAllowed'
>;

const MOST_REDIRECTS = 3;
const HEADERS_TIMEOUT_MS = 60_000;
const IDLE_TIMEOUT_MS = 60_000;

/** Fetches a finished file: by the adapter where the account has to show itself, else without anything of the account's. */
export async function fetchFile<Credential>(
  deps: FetchDeps<Credential>,
  options: { file: UpstreamFile; kind: DurableJobKind; lease: Lease; baseUrl: string; signal: AbortSignal },
): Promise<HttpResponse> {
  const { file, kind, signal } = options;
  const open = jobOf(deps.upstream, kind)?.open;
  if (!file.needsCredential || !open) return follow(deps, { ...options, url: file.url });
  const response = await open(file, ownerContext(deps, options));
  const location = redirectOf(response, file.url);
  if (location === undefined) return checked(response);
  response.discard();
  signal.throwIfAborted();
  return follow(deps, { ...options, url: location });
}

async function follow<Credential>(
  deps: FetchDeps<Credential>,
  { url, lease, baseUrl, signal }: { url: string; lease: Lease; baseUrl: string; signal: AbortSignal },
): Promise<HttpResponse> {
  let target = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    const response = await wayTo(deps, { url: target, lease, baseUrl }).request({
      method: 'GET',
      url: target,
      headers: { accept: 'video/*, image/*, application/octet-stream' },
      signal,
      headersTimeoutMs: HEADERS_TIMEOUT_MS,
      idleTimeoutMs: IDLE_TIMEOUT_MS,
    });
    const location = redirectOf(response, target);
    if (location === undefined) return checked(response);
    response.discard();
    target = location;
  }
  throw new GatewayError('upstream_bad_answer', 'The file redirects more often than is followed.');
}

/**
 * An address that an upstream tells may be a private one only where the operator named that server, as the base URL, or allows it
 * to all.
 */
function wayTo<Credential>(
  { httpFor, isPrivateStorageAllowed }: FetchDeps<Credential>,
  { url, lease, baseUrl }: { url: string; lease: Lease; baseUrl: string },
): HttpPort {
  return httpFor(
    isPrivateStorageAllowed || isSameServer(url, baseUrl) ? lease : { ...lease, allowPrivateNetwork: false },
  );
}

function redirectOf({ status, headers }: HttpResponse, base: string): string | undefined {
  const location = headers['location'];
  if (status < 300 || status > 399 || location === undefined || !URL.canParse(location, base)) return undefined;
  return new URL(location, base).href;
}

function checked(response: HttpResponse): HttpResponse {
  if (response.status === 200) return response;
  response.discard();
  throw new GatewayError('upstream_bad_answer', `The upstream's file answered with status ${response.status}.`, {
    upstreamStatus: response.status,
  });
}
