import { GatewayError } from '@sluice/contracts/gateway-error';
import { isSameMediaType, sniffMediaType } from '@sluice/platform-media/sniff-media-type';
import { MEDIA_RULES, type MediaClass } from './media-class.js';
import { plainMediaType } from './plain-media-type.js';

/** The type that the bytes prove, if the field takes it and its sender did not call it another. */
export function proveMediaType(file: {
  field: string;
  accept: MediaClass;
  declaredType: string;
  filename?: string | undefined;
  head: Uint8Array;
}): string {
  const { field, accept, declaredType, filename, head } = file;
  if (head.byteLength === 0) throw refusal(field, 'the file is empty');
  const { types } = MEDIA_RULES[accept];
  const proven = sniffMediaType(head);
  if (accept === 'any') return proven ?? plainMediaType({ declaredType, filename });
  if (proven === undefined || !types.includes(proven)) {
    const found = proven === undefined ? 'not that of a known type' : `of type ${proven}`;
    throw refusal(field, `the content is ${found}; ${types.join(', ')} are accepted`);
  }
  if (isSameMediaType(declaredType, proven)) return proven;
  throw refusal(field, `it is declared as ${declaredType.slice(0, 100)}, but its content is ${proven}`);
}

function refusal(field: string, why: string): GatewayError {
  return new GatewayError('invalid_request', `Invalid file for '${field}': ${why}.`, {
    param: field,
    reason: 'invalid_file',
  });
}
