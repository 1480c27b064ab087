import type { HttpRequest, HttpResponse } from '@sluice/contracts/http-port';
import type { Json } from '@sluice/contracts/json';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { ApiCredential } from './sora.credential.js';
import { toSoraFailure } from './sora.error.js';

type Context = AccountContext<ApiCredential>;

export interface SoraCall {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  headers?: Record<string, string>;
  body?: NonNullable<HttpRequest['body']>;
}

const MAXIMUM_ANSWER_BYTES = 16 * 1024 * 1024;
/** Taking a video on is quick, even where the picture it starts from is large. */
const HEADERS_TIMEOUT_MS = 60_000;

/** Asks for JSON; any status that is not a success is thrown as the failure it tells. */
export async function callJson(call: SoraCall, context: Context): Promise<{ json: Json; response: HttpResponse }> {
  const { method, path, headers, body } = call;
  const response = await context.http.request({
    method,
    url: context.baseUrl + path,
    headers: { ...authorization(context), accept: 'application/json', ...headers },
    ...(body !== undefined && { body }),
    signal: context.signal,
    headersTimeoutMs: HEADERS_TIMEOUT_MS,
  });
  await assertSuccess(response, context);
  return { json: await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES }), response };
}

async function assertSuccess(response: HttpResponse, context: Context): Promise<void> {
  if (response.status >= 200 && response.status < 300) return;
  throw await toSoraFailure(response, context.clock.now());
}

export function authorization({ credential }: Context): Record<string, string> {
  return { authorization: `Bearer ${credential.apiKey}` };
}

/** Ids come from vendors, who may put anything into them. */
export function pathOf(id: string): string {
  return `/videos/${encodeURIComponent(id)}`;
}
