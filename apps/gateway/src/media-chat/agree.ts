import { GatewayError } from '@sluice/contracts/gateway-error';

/** The one value that is said, under whichever names; what is said twice has to be the same. */
export function agree<Value extends string | number>(
  ...said: readonly (readonly [field: string, value: Value | null | undefined])[]
): Value | undefined {
  const [first, ...others] = said.filter(([, value]) => value != null);
  const other = others.find(([, value]) => value !== first?.[1]);
  if (first && other) throw refuse(other[0], `it contradicts '${first[0]}'`);
  return first?.[1] ?? undefined;
}

export function refuse(param: string, why: string): GatewayError {
  const text = `Invalid value for '${param}': ${why}.`;
  return new GatewayError('invalid_request', text, { param, reason: 'invalid_value' });
}
