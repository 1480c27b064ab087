import { GatewayError } from '@sluice/contracts/gateway-error';
import { endianness } from 'node:os';

const FLOAT_BYTES = 4;
const IS_LITTLE_ENDIAN = endianness() === 'LE';

/** JSON numbers as base64 of little-endian float32, the internal form. */
export function packVector(numbers: readonly number[]): string {
  const floats = Float32Array.from(numbers);
  const bytes = Buffer.from(floats.buffer, floats.byteOffset, floats.byteLength);
  return (IS_LITTLE_ENDIAN ? bytes : bytes.swap32()).toString('base64');
}

/** The internal form as numbers. Each is the shortest decimal that is the same float32, not the longer one of its double. */
export function unpackVector(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length % FLOAT_BYTES !== 0) {
    throw new GatewayError('upstream_bad_answer', 'The upstream sent an embedding that is no float32 vector.', {
      saw: 'unknown',
    });
  }
  return Array.from({ length: bytes.length / FLOAT_BYTES }, (_, index) =>
    shorten(bytes.readFloatLE(index * FLOAT_BYTES)),
  );
}

/** Nine significant digits always name one float32, eight nearly always: fewer bytes for the same vector. */
function shorten(value: number): number {
  const short = Number(value.toPrecision(8));
  return Math.fround(short) === value ? short : Number(value.toPrecision(9));
}
