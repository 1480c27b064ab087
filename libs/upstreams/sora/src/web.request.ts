import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpRequest, HttpResponse } from '@sluice/contracts/http-port';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import { createHash } from 'node:crypto';
import type { WebCredential } from './sora.credential.js';
import type { FormBody } from './sora.multipart.js';
import { toWebFailure } from './web.error.js';

export type WebAccount = AccountContext<WebCredential>;

export interface WebCall {
  method?: HttpRequest['method'];
  /** Below the site. */
  path: string;
  body?: JsonObject;
  form?: FormBody;
  /** What shows that a proof of work was done. */
  sentinel?: string;
}

const MAXIMUM_ANSWER_BYTES = 16 * 1024 * 1024;
const HEADERS_TIMEOUT_MS = 60_000;

/** Asks the site; any status that is not a success is thrown as the failure it tells. */
export async function callWeb(call: WebCall, context: WebAccount): Promise<HttpResponse> {
  const { path, body, form, sentinel } = call;
  const payload = body === undefined ? form?.body : JSON.stringify(body);
  const response = await context.http.request({
    method: call.method ?? (payload === undefined ? 'GET' : 'POST'),
    url: backendOf(context) + path,
    headers: {
      ...webHeaders(context),
      ...(body ? { 'content-type': 'application/json' } : form?.headers),
      ...(sentinel !== undefined && { 'openai-sentinel-token': sentinel }),
    },
    ...(payload !== undefined && { body: payload }),
    ...(form && { carriesFile: true }),
    signal: context.signal,
    headersTimeoutMs: HEADERS_TIMEOUT_MS,
  });
  if (response.status >= 200 && response.status < 300) return response;
  throw await toWebFailure(response, context.clock.now());
}

export async function callWebJson(call: WebCall, context: WebAccount): Promise<Json> {
  return readJson(await callWeb(call, context), { maximumBytes: MAXIMUM_ANSWER_BYTES });
}

/** What were four hosts are paths of one base URL: the site's own interface among them. */
export function backendOf(context: Pick<WebAccount, 'baseUrl'>): string {
  return `${siteOf(context)}/backend`;
}

/** Operators name the site itself, or its interface. */
export function siteOf({ baseUrl }: Pick<WebAccount, 'baseUrl'>): string {
  return baseUrl.replace(/\/backend$/, '');
}

export function webHeaders(context: WebAccount): Record<string, string> {
  const { accessToken } = context.credential;
  // Whoever took the account has begun the exchange with that: nothing speaks against the account.
  if (accessToken === undefined)
    throw new GatewayError('upstream_unreachable', 'This session has no access token yet: one is being asked for.', {
      saw: 'nothing',
      reason: 'token_missing',
    });
  const { origin } = new URL(context.baseUrl);
  return {
    accept: '*/*',
    authorization: `Bearer ${accessToken}`,
    'oai-device-id': deviceOf(context),
    'oai-language': 'en-US',
    origin,
    referer: `${origin}/`,
  };
}

/** Always the same for an account, and another for each. */
export function deviceOf({ credentialId }: Pick<WebAccount, 'credentialId'>): string {
  const digits = createHash('sha256').update(`sora device ${credentialId}`).digest('hex');
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
}
