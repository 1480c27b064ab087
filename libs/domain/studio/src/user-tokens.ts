import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { errors, jwtVerify, SignJWT } from 'jose';

const ALGORITHM = 'HS256';
const ISSUER = 'sluice';
const AUDIENCE = 'sluice-studio';

/** Tokens that users of the studio show: JWTs that only name who it is. */
export class UserTokens {
  constructor(
    private readonly options: {
      /** At least 32 bytes, of this use alone. */
      key: Uint8Array;
      clock: Clock;
      lifeMs(): number;
    },
  ) {}

  issue(userId: string): Promise<string> {
    const { key, clock, lifeMs } = this.options;
    const now = Math.floor(clock.now() / 1_000);
    return new SignJWT()
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setSubject(userId)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(now)
      .setExpirationTime(now + Math.ceil(lifeMs() / 1_000))
      .sign(key);
  }

  /** The user's id. Throws `unauthenticated` for anything that we did not sign, or long ago. */
  async read(token: string): Promise<string> {
    const { key, clock } = this.options;
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        currentDate: new Date(clock.now()),
        requiredClaims: ['sub', 'exp'],
      });
      return payload.sub ?? '';
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new GatewayError('unauthenticated', 'The token has expired.');
      if (error instanceof errors.JOSEError) throw new GatewayError('unauthenticated', 'The token is not valid.');
      throw error;
    }
  }
}
