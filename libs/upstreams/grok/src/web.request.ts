import type { HttpRequest, HttpResponse } from '@sluice/contracts/http-port';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import { randomUUID } from 'node:crypto';
import type { WebCredential } from './grok.credential.js';
import { toWebFailure } from './web.error.js';

type Context = AccountContext<WebCredential>;

export interface WebCall {
  method?: HttpRequest['method'];
  /** Below the site, or a whole URL of its own. */
  path: string;
  body?: JsonObject;
  /** The page of the site that asks. */
  page?: string;
  headersTimeoutMs?: number;
}

const MAXIMUM_ANSWER_BYTES = 16 * 1024 * 1024;

/** Asks the website as its own pages do; any status that is not a success is thrown as the failure it tells. */
export async function callWeb(call: WebCall, context: Context): Promise<HttpResponse> {
  const { method = 'POST', path, body, page = '/', headersTimeoutMs } = call;
  const response = await context.http.request({
    method,
    url: path.startsWith('/') ? context.baseUrl + path : path,
    headers: { ...webHeaders(context, page), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: context.signal,
    ...(headersTimeoutMs !== undefined && { headersTimeoutMs }),
  });
  if (response.status >= 200 && response.status < 300) return response;
  throw await toWebFailure(response, context.clock.now());
}

export async function callWebJson(call: WebCall, context: Context): Promise<Json> {
  return readJson(await callWeb(call, context), { maximumBytes: MAXIMUM_ANSWER_BYTES });
}

/** The session, shown to the site itself and to nobody else. */
export function webHeaders(context: Context, page = '/'): Record<string, string> {
  const { origin } = new URL(context.baseUrl);
  return {
    accept: '*/*',
    cookie: cookiesOf(context.credential),
    origin,
    referer: origin + page,
    'x-xai-request-id': randomUUID(),
  };
}

function cookiesOf({ sso, clearance }: WebCredential): string {
  return [`sso-rw=${sso}`, `sso=${sso}`, ...(clearance === undefined ? [] : [`cf_clearance=${clearance}`])].join('; ');
}
