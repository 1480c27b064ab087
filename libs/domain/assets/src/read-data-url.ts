import { GatewayError } from '@sluice/contracts/gateway-error';

const LONGEST_HEADER = 256;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;
const SLICE_CHARACTERS = 256 * 1024;

/** What a `data:` URL holds, decoded piece by piece. */
export function readDataUrl(url: string, field: string): { body: AsyncIterable<Uint8Array>; declaredType: string } {
  const comma = url.slice(0, LONGEST_HEADER).indexOf(',');
  const header = url.slice('data:'.length, Math.max(comma, 0));
  if (comma < 0 || !/;base64$/i.test(header)) throw refusal(field, 'expected a data URL in base64');
  const start = comma + 1;
  if (!BASE64.test(url.slice(start))) throw refusal(field, 'the data URL is not valid base64');
  return { body: decode(url, start), declaredType: header.split(';', 1)[0] ?? '' };
}

/** A multiple of four characters at a time decodes on its own. */
async function* decode(url: string, start: number): AsyncGenerator<Uint8Array> {
  for (let offset = start; offset < url.length; offset += SLICE_CHARACTERS)
    yield Buffer.from(url.slice(offset, offset + SLICE_CHARACTERS), 'base64');
}

function refusal(field: string, why: string): GatewayError {
  return new GatewayError('invalid_request', `Invalid value for '${field}': ${why}.`, {
    param: field,
    reason: 'invalid_value',
  });
}
