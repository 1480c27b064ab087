import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { errors, jwtVerify, SignJWT } from 'jose';
import type { StudioUser } from './studio-user.js';

const ALGORITHM = 'HS256';
const ISSUER = 'sluice';
const AUDIENCE = 'sluice-studio';
/** Our own claim: which password it was had for. */
const VERSION = 'ver';

/** Tokens that users of the studio show: JWTs that only name who it is, and since which password. */
export class UserTokens {
  constructor(
    private readonly options: {
      /** At least 32 bytes, of this use alone. */
      key: Uint8Array;
      clock: Clock;
      lifeMs(): number;
    },
  ) {}

  issue({ id, tokenVersion }: Pick<StudioUser, 'id' | 'tokenVersion'>): Promise<string> {
    const { key, clock, lifeMs } = this.options;
    const now = Math.floor(clock.now() / 1_000);
    return new SignJWT({ [VERSION]: tokenVersion })
      .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
      .setSubject(id)
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(now)
      .setExpirationTime(now + Math.ceil(lifeMs() / 1_000))
      .sign(key);
  }

  /** Whose it is. Throws `unauthenticated` for anything that we did not sign, or long ago. */
  async read(token: string): Promise<{ userId: string; version: number }> {
    const { key, clock } = this.options;
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [ALGORITHM],
        issuer: ISSUER,
        audience: AUDIENCE,
        currentDate: new Date(clock.now()),
        requiredClaims: ['sub', 'exp'],
      });
      const version = payload[VERSION];
      return { userId: payload.sub ?? '', version: typeof version === 'number' ? version : 0 };
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new GatewayError('unauthenticated', 'The token has expired.');
      if (error instanceof errors.JOSEError) throw new GatewayError('unauthenticated', 'The token is not valid.');
      throw error;
    }
  }
}
