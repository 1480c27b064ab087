import { present } from '@sluice/contracts/present';

/** What upstreams call by the internal form's name, as callers of this dialect wrote it. */
const WIRE_NAMES: Readonly<Record<string, string>> = { durationSeconds: 'seconds', aspectRatio: 'aspect_ratio' };
const QUOTED = /'(durationSeconds|aspectRatio)'/g;

/** A failure that names fields, naming them as the caller knows them. */
export function inWireWords<Failure extends { message: string; param?: string | undefined }>(
  failure: Failure,
): Failure {
  const { message, param } = failure;
  return {
    ...failure,
    message: message.replaceAll(QUOTED, (_, name: string) => `'${WIRE_NAMES[name] ?? name}'`),
    ...present({ param: param === undefined ? undefined : (WIRE_NAMES[param] ?? param) }),
  };
}
