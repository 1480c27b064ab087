import { describe, expect, it } from 'vitest';
import { soraSessionSecret } from './sora-session.js';

const JWT = 'eyJhbGciOiJub25lIn0.eyJleHAiOjF9.c2ln';
const JWE = 'eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn';

describe('the tokens of a session', () => {
  it.each([
    [{ accessToken: ` Bearer ${JWT}` }, { accessToken: JWT }],
    [{ accessToken: JWE }, { sessionToken: JWE }],
    [{ accessToken: 'rt_1234567' }, { refreshToken: 'rt_1234567' }],
    [{ accessToken: 'sim-plain' }, { accessToken: 'sim-plain' }],
    [{ sessionToken: `a=b; __Secure-next-auth.session-token=${JWE}; c=d` }, { sessionToken: JWE }],
    [
      { accessToken: '__Secure-next-auth.session-token.1=defghi; __Secure-next-auth.session-token.0=eyJabc' },
      { sessionToken: 'eyJabcdefghi' },
    ],
    [{ accessToken: JSON.stringify({ accessToken: JWT, user: { id: 'u' } }) }, { accessToken: JWT }],
    [
      { refreshToken: 'abc-defg', clientId: 'app_1' },
      { refreshToken: 'abc-defg', clientId: 'app_1' },
    ],
  ])('are read from %j', (pasted, tokens) => {
    const secret = soraSessionSecret.parse(pasted);
    expect(secret).toEqual(tokens);
    expect(soraSessionSecret.parse(secret)).toEqual(tokens);
  });

  it.each([{}, { clientId: 'app_1' }, { accessToken: 'two words' }, { accessToken: JWT, more: 1 }])(
    'are none in %j',
    (pasted) => {
      expect(soraSessionSecret.safeParse(pasted).success).toBe(false);
    },
  );
});
