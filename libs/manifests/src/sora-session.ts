import { z } from 'zod';

/** What proves that one is signed in to a Sora account, in its three forms. */
type Token = 'accessToken' | 'sessionToken' | 'refreshToken';
type Tokens = { [Name in Token | 'clientId']?: string };

const TOKENS = ['accessToken', 'sessionToken', 'refreshToken'] as const satisfies readonly Token[];
const pasted = z.string().trim().min(1).max(32_768).optional();

/**
 * A signed-in account of the historic Sora website: any of its tokens. Each may stand in whichever field and form it was
 * pasted: bare, behind `Bearer`, among the cookies of the site, or in the JSON that its session page shows.
 */
export const soraSessionSecret = z
  .strictObject({
    accessToken: pasted,
    sessionToken: pasted,
    refreshToken: pasted,
    /** Who the refresh token was issued to: it is good for nobody else. */
    clientId: z
      .string()
      .trim()
      .regex(/^[\w-]{1,200}$/, 'must be a client id: app_…')
      .optional(),
  })
  .transform(({ clientId, ...given }, context) => {
    const tokens: Tokens = { ...(clientId !== undefined && { clientId }) };
    for (const name of TOKENS) Object.assign(tokens, given[name] === undefined ? {} : readPasted(given[name], name));
    const bad = TOKENS.find((name) => tokens[name] !== undefined && !TOKEN.test(tokens[name]));
    if (bad !== undefined) context.addIssue({ code: 'custom', path: [bad], message: 'is no token' });
    else if (TOKENS.every((name) => tokens[name] === undefined))
      context.addIssue({ code: 'custom', message: `needs one of ${TOKENS.join(', ')}` });
    return tokens;
  });

const TOKEN = /^[\w.~+/=|%-]{6,16384}$/;
const COOKIE = '__Secure-next-auth.session-token';
/** Of a large cookie, which browsers keep in numbered pieces. */
const PIECE = /__Secure-next-auth\.session-token(?:\.(\d+))?=([^;\s"]+)/g;
const JSON_NAMES: Readonly<Record<string, Token | 'clientId'>> = {
  accessToken: 'accessToken',
  access_token: 'accessToken',
  sessionToken: 'sessionToken',
  session_token: 'sessionToken',
  refreshToken: 'refreshToken',
  refresh_token: 'refreshToken',
  clientId: 'clientId',
  client_id: 'clientId',
};

function readPasted(text: string, field: Token): Tokens {
  if (text.startsWith('{')) return fromJson(text) ?? { [field]: text };
  if (text.includes(COOKIE)) return { sessionToken: fromCookies(text) };
  const bare = text.replace(/^authorization:\s*/i, '').replace(/^bearer\s+/i, '');
  const token = bare.replaceAll(/^["']|["']$/g, '');
  return { [formOf(token) ?? field]: token };
}

/** Undefined where the form does not tell: then the field does. */
function formOf(token: string): Token | undefined {
  const segments = token.split('.').length;
  if (token.startsWith('rt_')) return 'refreshToken';
  if (!token.startsWith('eyJ')) return undefined;
  // A signed token has three segments, an encrypted one five.
  return segments === 3 ? 'accessToken' : segments === 5 ? 'sessionToken' : undefined;
}

function fromCookies(text: string): string {
  const pieces = [...text.matchAll(PIECE)].map(([, number = '0', value = '']) => ({ number: Number(number), value }));
  return pieces
    .toSorted((one, other) => one.number - other.number)
    .map(({ value }) => value)
    .join('');
}

function fromJson(text: string): Tokens | undefined {
  try {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>).flatMap(([key, value]) => {
      const name = JSON_NAMES[key];
      return name !== undefined && typeof value === 'string' && value !== '' ? [[name, value]] : [];
    });
    return entries.length > 0 ? (Object.fromEntries(entries) as Tokens) : undefined;
  } catch {
    return undefined;
  }
}
