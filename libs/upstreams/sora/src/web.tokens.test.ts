import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { describe, expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import type { WebCredential } from './sora.credential.js';
import { refreshTokens } from './web.tokens.js';

const NAME = '__Secure-next-auth.session-token';
const json = (value: object, headers: Record<string, string> = {}): FakeAnswer => ({
  pieces: [JSON.stringify(value)],
  headers,
});

async function refreshed(credential: WebCredential, ...answers: FakeAnswer[]) {
  const http = createFakeHttp(...answers);
  const fresh = await refreshTokens(createSessionContext({ http, credential }));
  return { fresh, requests: http.requests };
}

describe('a session', () => {
  it('that is too long for one cookie is sent in pieces', async () => {
    const long = 'x'.repeat(5_000);
    const { requests } = await refreshed({ sessionToken: long }, json({ accessToken: 'at_2' }));
    const pieces = (requests[0]?.headers?.['cookie'] ?? '').split('; ').map((cookie) => cookie.split('='));
    expect(pieces.map(([name]) => name)).toEqual([`${NAME}.0`, `${NAME}.1`]);
    expect(pieces.map(([, piece]) => piece).join('')).toBe(long);
  });

  it.each([
    [`${NAME}=new; Path=/; Secure`, 'new'],
    [`other=1, ${NAME}=; Max-Age=0, ${NAME}.1=b; Expires=Wed, 21 Oct 2026 07:28:00 GMT, ${NAME}.0=a; Path=/`, 'ab'],
    [`${NAME}.1=b`, 'st_1'],
    ['other=1', 'st_1'],
  ])('is renewed by %s', async (cookies, sessionToken) => {
    const { fresh } = await refreshed({ sessionToken: 'st_1' }, json({ accessToken: 'a' }, { 'set-cookie': cookies }));
    expect(fresh).toEqual({ accessToken: 'a', sessionToken });
  });

  it('that is over is told by an empty object, and refused as such', async () => {
    await expect(refreshed({ sessionToken: 'st_1' }, json({}))).rejects.toMatchObject({ code: 'upstream_auth' });
  });

  it('is not taken for over where somebody guards the way', async () => {
    const page: FakeAnswer = { status: 403, headers: { 'content-type': 'text/html' }, pieces: ['<html>Just a moment'] };
    await expect(refreshed({ sessionToken: 'st_1', refreshToken: 'rt_1' }, page)).rejects.toMatchObject({
      code: 'challenge_required',
    });
  });
});

describe('a refresh token', () => {
  const exchange = (answer: FakeAnswer) => refreshed({ refreshToken: 'rt_1', clientId: 'app_1' }, answer);

  it('is exchanged by the client that it belongs to, and stays where it does not rotate', async () => {
    const { fresh, requests } = await exchange(json({ access_token: 'a', expires_in: 60, token_type: 'Bearer' }));
    expect(fresh).toEqual({ accessToken: 'a', refreshToken: 'rt_1', clientId: 'app_1' });
    expect(JSON.parse(String(requests[0]?.body))).toMatchObject({ client_id: 'app_1', grant_type: 'refresh_token' });
  });

  it.each<[number, object, string]>([
    [400, { error: 'invalid_grant', error_description: 'no' }, 'upstream_auth'],
    [401, { error: { code: 'refresh_token_reused', message: 'used' } }, 'upstream_auth'],
    [503, {}, 'upstream_error'],
  ])('that is answered with %i %j is %s', async (status, body, code) => {
    await expect(exchange({ status, pieces: [JSON.stringify(body)] })).rejects.toMatchObject({ code });
  });
});
