import { randomHex } from '@sluice/contracts/generation-id';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from './is-json-object.js';

export const SESSION_HEADER = 'x-sluice-session';

/** What asks for a conversation with a name that nobody has. */
const NEW = 'new';
const LONGEST_NAME = 256;

export interface SessionRules {
  byBody: boolean;
  byUser: boolean;
}

/** Which conversation a call continues, if any: the header's, else the body's `session_id`, else the user's. */
export function selectSession(options: {
  header: string | undefined;
  body: unknown;
  rules: SessionRules;
}): string | undefined {
  const { header, rules } = options;
  if (header !== undefined) return toName(header, SESSION_HEADER);
  const body = isJsonObject(options.body) ? options.body : {};
  const named = rules.byBody ? body['session_id'] : undefined;
  if (named != null && named !== '') return toName(named, 'session_id');
  const user = rules.byUser ? userOf(body) : undefined;
  return user === undefined ? undefined : toName(`user_${user}`, 'user');
}

/** A name as it must be; throws `invalid_request`. */
export function toName(value: unknown, param: string): string {
  const name = typeof value === 'number' ? String(value) : value;
  if (typeof name !== 'string' || name === '' || name.length > LONGEST_NAME || !/^[\x21-\x7e]+$/.test(name)) {
    const message = `${param}: must be 1 to ${LONGEST_NAME} visible ASCII characters without blanks.`;
    throw new GatewayError('invalid_request', message, { param, reason: 'invalid_value' });
  }
  return name === NEW ? `session_${randomHex(24)}` : name;
}

function userOf(body: Readonly<Record<string, unknown>>): string | undefined {
  const metadata = isJsonObject(body['metadata']) ? body['metadata']['user_id'] : undefined;
  const user = body['user_id'] ?? body['user'] ?? metadata;
  if (user == null || user === '') return undefined;
  return encodeURIComponent(typeof user === 'string' ? user : JSON.stringify(user));
}
