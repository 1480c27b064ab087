import { createHash } from 'node:crypto';

/**
 * Digest of a body that does not mind the order of its members. Of a multipart body take its fields, and for each file
 * its name, type and digest.
 */
export function fingerprintOf(body: unknown): string {
  return createHash('sha256').update(canonicalJson(body)).digest('base64url');
}

function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_name, member: unknown) => {
      if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
      return Object.fromEntries(Object.entries(member).toSorted(([left], [right]) => (left < right ? -1 : 1)));
    }) ?? ''
  );
}
