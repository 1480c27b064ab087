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
  const response = await sendUnread(call, context);
  if (isSuccess(response)) return response;
  throw await toOpenaiFailure(response, context.clock.now());
}

/** As `send`, whatever the answer says. */
export function sendUnread(call: FormCall, context: Context): Promise<HttpResponse> {
  const { path, headers, body, headersTimeoutMs, idleTimeoutMs } = call;
  const request: HttpRequest = {
    method: 'POST',
    url: context.baseUrl + path,
    headers: withAuthorization(headers, context),
    body,
    signal: context.signal,
  };
  if (headersTimeoutMs !== undefined) request.headersTimeoutMs = headersTimeoutMs;
  if (idleTimeoutMs !== undefined) request.idleTimeoutMs = idleTimeoutMs;
  return context.http.request(request);
}

export async function get(path: string, context: Context): Promise<HttpResponse> {
  const response = await context.http.request({
    method: 'GET',
    url: context.baseUrl + path,
    headers: withAuthorization({ accept: 'application/json' }, context),
    signal: context.signal,
  });
  if (isSuccess(response)) return response;
  throw await toOpenaiFailure(response, context.clock.now());
}

/** Nothing for a visitor without a session: that is how one asks for it. */
function withAuthorization(headers: Record<string, string>, { credential }: Context): Record<string, string> {
  const bearer = 'apiKey' in credential ? credential.apiKey : credential.token;
  return bearer === undefined ? headers : { authorization: `Bearer ${bearer}`, ...headers };
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}
