const sessionMs = 24 * 60 * 60_000;

/** A token as the page's server makes them: claims that anybody can read. Nothing is signed here. */
export function createToken(visitor: string, nowMs: number): string {
  const claims = { id: visitor, exp: Math.floor((nowMs + sessionMs) / 1000) };
  return `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}.simulated`;
}

/** The visitor of a token of ours, live or past. */
export function visitorOf(token: string): string | undefined {
  return claimsOf(token)?.id;
}

export function isExpired(token: string, nowMs: number): boolean {
  return (claimsOf(token)?.exp ?? 0) * 1000 <= nowMs;
}

function claimsOf(token: string): { id: string; exp: number } | undefined {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    const isOurs = typeof claims === 'object' && claims !== null && 'id' in claims && 'exp' in claims;
    return isOurs ? { id: String(claims.id), exp: Number(claims.exp) } : undefined;
  } catch {
    return undefined;
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
