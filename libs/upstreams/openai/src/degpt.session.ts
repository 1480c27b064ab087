import type { Clock } from '@sluice/contracts/clock';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import { readJson } from '@sluice/upstream-kit/read-json';
import type { AccountContext } from '@sluice/upstream-kit/upstream-context';
import { z } from 'zod';
import { asDegpt, type DegptCredential, type OpenaiCredential } from './openai.credential.js';
import { post } from './openai.request.js';

const MAXIMUM_ANSWER_BYTES = 1024 * 1024;
/** A session this near its end is not begun with. */
const LEAST_LEFT_MS = 30_000;

const signInSchema = z.object({ token: z.string().min(1), models: z.unknown() });

/** The visitor's id alone signs it in; one that is not known there becomes known by it. */
export async function signIn(
  { id }: DegptCredential,
  context: AccountContext<OpenaiCredential>,
): Promise<{ credential: DegptCredential & { token: string }; models: unknown }> {
  const body = { id, channel: '' };
  const asStranger = { ...context, credential: { id } };
  const response = await post({ path: '/v1/auths/printSignIn', body, accept: 'application/json' }, asStranger);
  const parsed = signInSchema.safeParse(await readJson(response, { maximumBytes: MAXIMUM_ANSWER_BYTES }));
  if (parsed.success) return { credential: { id, token: parsed.data.token }, models: parsed.data.models };
  throw new GatewayError('upstream_auth', 'DeGPT gave this visitor no session. An operator has to look at its id.', {
    saw: 'refused',
  });
}

/** When the session ends, as far as its token says: at once where there is none yet, so that the pool gets one. */
export function sessionEndMs(credential: OpenaiCredential): number | undefined {
  const visitor = asDegpt(credential);
  if (visitor === undefined) return undefined;
  return visitor.token === undefined ? 0 : tokenEndMs(visitor.token);
}

/** True for a session that may still be good. */
export function isLive({ token }: DegptCredential, clock: Clock): boolean {
  return token !== undefined && (tokenEndMs(token) ?? Number.POSITIVE_INFINITY) > clock.now() + LEAST_LEFT_MS;
}

function tokenEndMs(token: string): number | undefined {
  const [, claims = ''] = token.split('.');
  try {
    const read: unknown = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
    const end = isJsonObject(read) ? read['exp'] : undefined;
    return typeof end === 'number' ? end * 1000 : undefined;
  } catch {
    return undefined;
  }
}
