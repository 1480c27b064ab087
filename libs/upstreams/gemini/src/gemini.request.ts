import type { HttpResponse } from '@sluice/contracts/http-port';
import type { JsonObject } from '@sluice/contracts/json';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { GeminiCredential } from './gemini.credential.js';
import { toGeminiFailure } from './gemini.error.js';

type Context = AccountContext<GeminiCredential>;

/** What can be asked of a model. */
export interface ModelCall {
  model: string;
  method:
    | 'generateContent'
    | 'streamGenerateContent'
    | 'embedContent'
    | 'batchEmbedContents'
    | 'predict'
    | 'predictLongRunning';
  body: JsonObject;
}

/** Any status that is not a success is thrown as the failure it tells. */
export async function post({ model, method, body }: ModelCall, context: Context): Promise<HttpResponse> {
  const isStream = method === 'streamGenerateContent';
  const query = isStream ? '?alt=sse' : '';
  const response = await context.http.request({
    method: 'POST',
    url: `${versioned(context)}/models/${encodeURIComponent(model)}:${method}${query}`,
    headers: {
      ...authorization(context),
      accept: isStream ? 'text/event-stream' : 'application/json',
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
    signal: context.signal,
  });
  return assertSuccess(response, context);
}

export async function get(path: string, context: Context): Promise<HttpResponse> {
  const response = await context.http.request({
    method: 'GET',
    url: versioned(context) + path,
    headers: { ...authorization(context), accept: 'application/json' },
    signal: context.signal,
  });
  return assertSuccess(response, context);
}

/** Operators write a base URL with a version or without one. */
export function versioned({ baseUrl }: Context): string {
  return /\/v1(?:alpha|beta)?\d*(?:\/|$)/.test(new URL(baseUrl).pathname) ? baseUrl : `${baseUrl}/v1beta`;
}

/** Never in the address, which ends up in logs. */
export function authorization({ credential }: Context): Record<string, string> {
  return { 'x-goog-api-key': credential.apiKey };
}

async function assertSuccess(response: HttpResponse, context: Context): Promise<HttpResponse> {
  if (response.status >= 200 && response.status < 300) return response;
  throw await toGeminiFailure(response, context.clock.now());
}
