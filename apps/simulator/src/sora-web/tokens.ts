import type { SoraAccount } from './sora-account.js';

const PLAIN = 'sim-at-';
const SESSION = 'sim-st-';
const REFRESH = 'rt_sim-';

export interface AccessToken {
  account: string;
  epoch: number;
  /** Undefined: it has no end. */
  expiresAtMs: number | undefined;
}

/** Access tokens are of the site's form, with its claims; a plain one lives for ever: `sim-at-<account>`. */
export function readAccessToken(token: string): AccessToken | undefined {
  if (token.startsWith(PLAIN)) return { account: token.slice(PLAIN.length), epoch: 0, expiresAtMs: undefined };
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
      string,
      unknown
    >;
    const { exp, sub, sim_epoch: epoch } = claims;
    if (typeof exp !== 'number' || typeof sub !== 'string') return undefined;
    return { account: sub, epoch: typeof epoch === 'number' ? epoch : 0, expiresAtMs: exp * 1_000 };
  } catch {
    return undefined;
  }
}

export function mintAccessToken({ name, accessEpoch, accessMs }: SoraAccount, nowMs: number): string {
  const claims = {
    sub: name,
    exp: (nowMs + accessMs) / 1_000,
    sim_epoch: accessEpoch,
    'https://api.openai.com/profile': { email: `${name}@sim.test` },
    'https://api.openai.com/auth': { chatgpt_user_id: `user-${name}` },
  };
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.${Buffer.from('simulated').toString('base64url')}`;
}

/** `sim-st-<account>`, whole or in numbered pieces; what follows a dot fills it up. */
export function accountOfSession(cookie: string): string | undefined {
  const pieces = [...cookie.matchAll(/__Secure-next-auth\.session-token(?:\.(\d+))?=([^;\s]+)/g)];
  const value = pieces
    .toSorted(([, one = '0'], [, other = '0']) => Number(one) - Number(other))
    .map(([, , piece = '']) => piece)
    .join('');
  return value.startsWith(SESSION) ? value.slice(SESSION.length).split('.')[0] : undefined;
}

export function mintRefreshToken({ name, refreshNumber }: SoraAccount): string {
  return `${REFRESH}${name}-${refreshNumber}`;
}

/** `rt_sim-<account>-<number>` */
export function readRefreshToken(token: string): { account: string; number: number } | undefined {
  const [, account, number] = /^rt_sim-(.+)-(\d+)$/.exec(token) ?? [];
  return account === undefined ? undefined : { account, number: Number(number) };
}
