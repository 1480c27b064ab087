import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';

/** Far more than any client nests, and far less than it takes to overflow the stack of whoever walks or writes it. */
const MAXIMUM_DEPTH = 500;

/** Refuses a body whose nesting is an attack, by the name of the field. Costs one look at every object. */
export function refuseDeep(body: unknown): void {
  if (!isJsonObject(body)) return check(body, undefined);
  for (const [name, value] of Object.entries(body)) check(value, name);
}

function check(value: unknown, param: string | undefined): void {
  if (!isDeep(value)) return;
  const message = `${param ?? 'The body'}: nested more than ${MAXIMUM_DEPTH} levels deep.`;
  throw new GatewayError('invalid_request', message, {
    reason: 'invalid_value',
    ...(param !== undefined && { param }),
  });
}

/** No deeper than what is refused, for the walk must not be the one that overflows. */
function isDeep(value: unknown, depth = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth > MAXIMUM_DEPTH) return true;
  const members: unknown[] = Array.isArray(value) ? value : Object.values(value);
  return members.some((member) => isDeep(member, depth + 1));
}
