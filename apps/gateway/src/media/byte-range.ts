/** What of a file is to be sent: a part of it with both ends included, the whole, or nothing that it has. */
export type ByteRange = { start: number; end: number } | 'whole' | 'unsatisfiable';

const ONE_RANGE = /^bytes=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/i;

/**
 * A `Range` header for a file of so many bytes (RFC 9110, 14.2). One that is malformed, or asks for several parts at
 * once, counts as absent, as the RFC allows.
 */
export function byteRange(header: string | undefined, bytes: number): ByteRange {
  const match = header === undefined ? undefined : ONE_RANGE.exec(header);
  const [, first = '', last = ''] = match ?? [];
  if (!match || (first === '' && last === '')) return 'whole';
  if (first === '') return lastBytes(Number(last), bytes);
  const start = Number(first);
  const end = last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== '' && Number(last) < start) return 'whole';
  return start < bytes ? { start, end } : 'unsatisfiable';
}

function lastBytes(length: number, bytes: number): ByteRange {
  if (length === 0 || bytes === 0) return 'unsatisfiable';
  return { start: Math.max(bytes - length, 0), end: bytes - 1 };
}
