import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { Operation } from '@sluice/contracts/operation';
import { present } from '@sluice/contracts/present';
import type { VeoMade } from './veo-made.js';

/** What is kept of a video that Google took on. */
export interface VeoOperation {
  /** `models/veo-…/operations/…` */
  id: string;
  /** Google's own address of the finished file: an extension starts from it. */
  file?: { uri: string; expiresAtMs: number };
  /** Noted while Google says that it does not know the operation; forgotten with the next word of it. */
  missing?: { sinceMs: number; looks: number };
  /** What was asked for, in the end. */
  made?: VeoMade;
}

export function toOperation({ id, file, missing, made }: VeoOperation): Operation {
  return {
    id,
    ...(file && { file: { ...file } }),
    ...(missing && { missing: { ...missing } }),
    ...(made && { made: { ...made } }),
  };
}

export function readOperation({ id, file, missing, made }: Operation): VeoOperation {
  if (typeof id !== 'string' || id === '')
    throw new GatewayError('internal', 'An operation of this upstream has no name.');
  return { id, ...fileIn(file), ...missingIn(missing), ...madeIn(made) };
}

function madeIn(value: Operation[string]): Pick<VeoOperation, 'made'> {
  if (!isJsonObject(value)) return {};
  const { seconds, size } = value;
  return {
    made: present({
      seconds: typeof seconds === 'number' ? seconds : undefined,
      size: typeof size === 'string' ? size : undefined,
    }),
  };
}

function fileIn(value: Operation[string]): Pick<VeoOperation, 'file'> {
  if (!isJsonObject(value)) return {};
  const { uri, expiresAtMs } = value;
  return typeof uri === 'string' && typeof expiresAtMs === 'number' ? { file: { uri, expiresAtMs } } : {};
}

function missingIn(value: Operation[string]): Pick<VeoOperation, 'missing'> {
  if (!isJsonObject(value)) return {};
  const { sinceMs, looks } = value;
  return typeof sinceMs === 'number' && typeof looks === 'number' ? { missing: { sinceMs, looks } } : {};
}
