import { GatewayError } from '@sluice/contracts/gateway-error';
import type { HttpRequest, HttpResponse } from '@sluice/contracts/http-port';
import { isJsonObject } from '@sluice/contracts/json-object';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { WebCredential } from './sora.credential.js';
import { toWebFailure } from './web.error.js';
import { deviceOf, siteOf, type WebAccount } from './web.request.js';

const COOKIE = '__Secure-next-auth.session-token';
/** The site's own bound. */
const LARGEST_COOKIE = 3_933;
const MAXIMUM_ANSWER_BYTES = 1024 * 1024;
/** Of the clients to which refresh tokens are issued: a token is good for its own alone. */
const REDIRECTS: Readonly<Record<string, string>> = {
  app_LlGpXReQgckcGGUo2JrYvtJK: 'com.openai.chat://auth0.openai.com/ios/com.openai.chat/callback',
  app_1LOVEceTvrP2tHFDNnrPLQkJ: 'com.openai.sora://auth.openai.com/android/com.openai.sora/callback',
};
const USUAL_CLIENT = 'app_LlGpXReQgckcGGUo2JrYvtJK';

/**
 * A fresh access token: of the session's cookie, and where that is none any more, of the refresh token, which is dead when this
 * returns: what comes back is kept in its place.
 */
export async function refreshTokens(context: WebAccount): Promise<WebCredential> {
  const { sessionToken, refreshToken } = context.credential;
  if (sessionToken !== undefined) {
    try {
      return await bySession(sessionToken, context);
    } catch (thrown) {
      const isOver = thrown instanceof GatewayError && thrown.code === 'upstream_auth';
      if (!isOver || refreshToken === undefined) throw thrown;
    }
  }
  if (refreshToken !== undefined) return byRefreshToken(refreshToken, context);
  throw signedOut('This account has nothing but its access token, which is not taken any more.');
}

/** When the access token ends; undefined where nothing could be done about it. */
export function tokenExpiresAtMs({ accessToken, sessionToken, refreshToken }: WebCredential): number | undefined {
  if (sessionToken === undefined && refreshToken === undefined) return undefined;
  return accessToken === undefined ? 0 : endOf(accessToken);
}

async function bySession(sessionToken: string, context: WebAccount): Promise<WebCredential> {
  const response = await send(
    { method: 'GET', path: '/api/auth/session', headers: { cookie: cookieOf(sessionToken) } },
    context,
  );
  const answer = await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES });
  const accessToken = isJsonObject(answer) ? answer['accessToken'] : undefined;
  // Who is not signed in is told so by an empty object.
  if (typeof accessToken !== 'string' || accessToken === '') throw signedOut('The session is over.');
  const endsAtMs = endOf(accessToken);
  if (endsAtMs !== undefined && endsAtMs <= context.clock.now()) throw signedOut('The session gives dead tokens only.');
  const renewed = sessionIn(response.headers['set-cookie'] ?? '');
  return { ...context.credential, accessToken, sessionToken: renewed ?? sessionToken };
}

/** As browsers send it: what is too long for one cookie comes in numbered pieces. */
function cookieOf(sessionToken: string): string {
  if (sessionToken.length <= LARGEST_COOKIE) return `${COOKIE}=${sessionToken}`;
  const pieces = sessionToken.match(new RegExp(`.{1,${LARGEST_COOKIE}}`, 'g')) ?? [];
  return pieces.map((piece, index) => `${COOKIE}.${index}=${piece}`).join('; ');
}

/** A token that is set anew, whole or in pieces; an empty piece is one that is cleared. */
function sessionIn(cookies: string): string | undefined {
  const set = [...cookies.matchAll(new RegExp(`${COOKIE}(?:\\.(\\d+))?=([^;,\\s]+)`, 'g'))];
  const whole = set.find(([, piece]) => piece === undefined)?.[2];
  if (whole !== undefined || set.length === 0) return whole;
  const inOrder = set.toSorted(([, one], [, other]) => Number(one) - Number(other));
  const isWhole = inOrder.every(([, piece], index) => Number(piece) === index);
  return isWhole ? inOrder.map(([, , text]) => text).join('') : undefined;
}

async function byRefreshToken(refreshToken: string, context: WebAccount): Promise<WebCredential> {
  const clientId = context.credential.clientId ?? USUAL_CLIENT;
  const body = {
    client_id: clientId,
    grant_type: 'refresh_token',
    redirect_uri: REDIRECTS[clientId] ?? REDIRECTS[USUAL_CLIENT],
    refresh_token: refreshToken,
  };
  const headers = { 'content-type': 'application/json' };
  const request = { method: 'POST', path: '/oauth/token', headers, body: JSON.stringify(body) } as const;
  const response = await send(request, context);
  const answer = await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES });
  const { access_token: accessToken, refresh_token: rotated } = isJsonObject(answer) ? answer : {};
  if (typeof accessToken !== 'string' || accessToken === '')
    throw new GatewayError('upstream_bad_answer', 'The upstream exchanged a refresh token for nothing.', {
      saw: 'unknown',
    });
  const isRotated = typeof rotated === 'string' && rotated !== '';
  return { ...context.credential, accessToken, refreshToken: isRotated ? rotated : refreshToken };
}

async function send(
  { path, headers, ...request }: Pick<HttpRequest, 'method' | 'headers' | 'body'> & { path: string },
  context: WebAccount,
): Promise<HttpResponse> {
  const response = await context.http.request({
    ...request,
    url: siteOf(context) + path,
    headers: { accept: 'application/json', 'oai-device-id': deviceOf(context), ...headers },
    signal: context.signal,
  });
  if (response.status >= 200 && response.status < 300) return response;
  const failure = await toWebFailure(response, context.clock.now());
  // The token itself is what such a request is about.
  throw failure.code === 'invalid_request' ? signedOut(failure.message) : failure;
}

/** As the token itself says; its signature is the upstream's affair. */
export function endOf(token: string): number | undefined {
  const [, claims = ''] = token.split('.');
  try {
    const read: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString());
    const seconds = isJsonObject(read) ? read['exp'] : undefined;
    return typeof seconds === 'number' ? seconds * 1_000 : undefined;
  } catch {
    return undefined;
  }
}

function signedOut(why: string): GatewayError {
  return new GatewayError('upstream_auth', `${why} Somebody has to sign in again.`, { saw: 'refused' });
}
