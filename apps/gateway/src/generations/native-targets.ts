import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Target } from '@sluice/contracts/route';
import { findUpstream } from '@sluice/manifests/upstreams';
import type { DecodedCall } from './dialect-endpoint.js';

/** The targets that can do all that the call asks for; throws `unsupported`, naming the field, where there is none. */
export function nativeTargets(
  { nativeOnly = [], dialect }: Pick<DecodedCall, 'nativeOnly' | 'dialect'>,
  targets: Target[],
): Target[] {
  const [param] = nativeOnly;
  if (param === undefined) return targets;
  const native = targets.filter(({ upstream }) => findUpstream(upstream)?.nativeDialects.includes(dialect));
  if (native.length > 0) return native;
  throw new GatewayError('unsupported', `'${param}' is not supported by this model.`, { param });
}
