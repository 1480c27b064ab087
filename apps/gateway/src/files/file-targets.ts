import type { DurableInput } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { GenerationInput } from '@sluice/contracts/generation';
import type { NamedFile } from '@sluice/contracts/named-file';
import type { Target } from '@sluice/contracts/route';
import { findUpstream } from '@sluice/manifests/upstreams';

const MEBIBYTE = 1024 * 1024;
/** All files that go through the body of one request together. */
export const MOST_INLINE_BYTES = 32 * MEBIBYTE;

/** The targets that take files beside a request, held to their accounts that do. All of them where none is named. */
export function fileTargets(input: GenerationInput | DurableInput, targets: Target[]): Target[] {
  const files = input.kind === 'chat' ? input.files : undefined;
  if (files === undefined) return targets;
  const holding = targets.flatMap(holdingTarget);
  const able = holding.filter(({ mostBytes }) => files.every(({ media }) => media.bytes <= mostBytes));
  if (able.length > 0) return able.map(({ target }) => target);
  throw tooLarge(files, Math.max(0, ...holding.map(({ mostBytes }) => mostBytes)));
}

function holdingTarget(target: Target): { target: Target; mostBytes: number }[] {
  const holds = findUpstream(target.upstream)?.holdsFiles;
  if (!holds || (target.kind !== undefined && target.kind !== holds.kind)) return [];
  return [{ target: { ...target, kind: holds.kind }, mostBytes: holds.mostBytes }];
}

function tooLarge(files: readonly NamedFile[], mostBytes: number): GatewayError {
  const file = files.find(({ media }) => media.bytes > mostBytes) ?? files[0];
  const param = file?.param;
  const where = param === undefined ? '' : `'${param}': `;
  const bound =
    mostBytes > 0
      ? `a file may be ${mostBytes} bytes for this model`
      : `the files of one request may be ${MOST_INLINE_BYTES} bytes together for this model`;
  return new GatewayError('too_large', `${where}${bound}.`, param === undefined ? {} : { param });
}
