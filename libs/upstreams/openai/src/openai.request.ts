import type { HttpResponse } from '@sluice/contracts/http-port';
import type { JsonObject } from '@sluice/contracts/json';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { OpenaiCredential } from './openai.credential.js';
import { toOpenaiFailure } from './openai.error.js';

type Context = AccountContext<OpenaiCredential>;

/** Posts a body; any status that is not a success is thrown as the failure it tells. */
export async function post(
  { path, body, accept }: { path: string; body: JsonObject; accept: string },
  context: Context,
): Promise<HttpResponse> {
  const response = await context.http.request({
    method: 'POST',
    url: context.baseUrl + path,
    headers: { ...authorization(context), accept, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: context.signal,
  });
  return assertSuccess(response, context);
}

export async function get(path: string, context: Context): Promise<HttpResponse> {
  const response = await context.http.request({
    method: 'GET',
    url: context.baseUrl + path,
    headers: { ...authorization(context), accept: 'application/json' },
    signal: context.signal,
  });
  return assertSuccess(response, context);
}

function authorization({ credential }: Context): Record<string, string> {
  return { authorization: `Bearer ${credential.apiKey}` };
}

async function assertSuccess(response: HttpResponse, context: Context): Promise<HttpResponse> {
  if (response.status >= 200 && response.status < 300) return response;
  throw await toOpenaiFailure(response, context.clock.now());
}
