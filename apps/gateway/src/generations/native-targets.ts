import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Target } from '@sluice/contracts/route';
import { findUpstream } from '@sluice/manifests/upstreams';
import type { DecodedCall } from './dialect-endpoint.js';

/** The targets that have credentials of the kind that the call wants, held to it. */
export function targetsOfKind(
  { credentialKind: kind }: Pick<DecodedCall, 'credentialKind'>,
  targets: Target[],
): Target[] {
  if (kind === undefined) return targets;
  const able = targets.filter(({ upstream }) => Object.hasOwn(findUpstream(upstream)?.kinds ?? {}, kind));
  if (able.length > 0) return able.map((target) => ({ ...target, kind }));
  const message = `The model is not served by credentials of kind '${kind}', which this address is for.`;
  throw new GatewayError('model_not_found', message, { param: 'model' });
}

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
