import type { HttpResponse } from '@sluice/contracts/http-port';
import type { Json, JsonObject } from '@sluice/contracts/json';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { XaiCredential } from './grok.credential.js';
import { toXaiFailure } from './xai.error.js';

type Context = AccountContext<XaiCredential>;

export interface XaiCall {
  path: string;
  body: JsonObject;
  accept?: string;
  headers?: Record<string, string>;
  headersTimeoutMs?: number;
}

/** Pictures come in the answer. */
const MAXIMUM_ANSWER_BYTES = 256 * 1024 * 1024;

/** Posts a body; any status that is not a success is thrown as the failure it tells. */
export async function post(call: XaiCall, context: Context): Promise<HttpResponse> {
  const { path, body, accept = 'application/json', headers, headersTimeoutMs } = call;
  const response = await context.http.request({
    method: 'POST',
    url: context.baseUrl + path,
    headers: { ...authorization(context), accept, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: context.signal,
    ...(headersTimeoutMs !== undefined && { headersTimeoutMs }),
  });
  return assertSuccess(response, context);
}

export async function postJson(call: XaiCall, context: Context): Promise<Json> {
  return readJson(await post(call, context), { maximumBytes: MAXIMUM_ANSWER_BYTES });
}

export async function getJson(path: string, context: Context): Promise<Json> {
  const response = await context.http.request({
    method: 'GET',
    url: context.baseUrl + path,
    headers: { ...authorization(context), accept: 'application/json' },
    signal: context.signal,
  });
  return readJson(await assertSuccess(response, context));
}

function authorization({ credential }: Context): Record<string, string> {
  return { authorization: `Bearer ${credential.apiKey}` };
}

async function assertSuccess(response: HttpResponse, context: Context): Promise<HttpResponse> {
  if (response.status >= 200 && response.status < 300) return response;
  throw await toXaiFailure(response, context.clock.now());
}
