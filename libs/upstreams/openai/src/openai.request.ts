import type { HttpRequest, HttpResponse } from '@sluice/contracts/http-port';
import type { JsonObject } from '@sluice/contracts/json';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import type { OpenaiCredential } from './openai.credential.js';
import { toOpenaiFailure } from './openai.error.js';

type Context = AccountContext<OpenaiCredential>;

interface FormCall extends Pick<HttpRequest, 'headersTimeoutMs' | 'idleTimeoutMs'> {
  path: string;
  headers: Record<string, string>;
  body: NonNullable<HttpRequest['body']>;
}

/** Posts a body; any status that is not a success is thrown as the failure it tells. */
export function post(
  { path, body, accept }: { path: string; body: JsonObject; accept: string },
  context: Context,
): Promise<HttpResponse> {
  const headers = { accept, 'content-type': 'application/json' };
  return send({ path, headers, body: JSON.stringify(body) }, context);
}

/** As `post`, of a body in another form: `headers` names it. */
export async function send(call: FormCall, context: Context): Promise<HttpResponse> {
  return assertSuccess(await sendUnread(call, context), context);
}

/** As `send`, whatever the answer says. */
export function sendUnread({ path, ...call }: FormCall, context: Context): Promise<HttpResponse> {
  const headers = { ...authorization(context), ...call.headers };
  return context.http.request({
    ...call,
    method: 'POST',
    url: context.baseUrl + path,
    headers,
    signal: context.signal,
  });
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

/** Nothing for a visitor without a session: that is how one asks for it. */
function authorization({ credential }: Context): Record<string, string> {
  const bearer = 'apiKey' in credential ? credential.apiKey : credential.token;
  return bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
}

async function assertSuccess(response: HttpResponse, context: Context): Promise<HttpResponse> {
  if (response.status >= 200 && response.status < 300) return response;
  throw await toOpenaiFailure(response, context.clock.now());
}
