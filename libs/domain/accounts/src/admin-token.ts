import { createHash, timingSafeEqual } from 'node:crypto';

/** Tells whether a presented token is the right one, in the same time for every wrong one. */
export function createAdminTokenCheck(token: string): (presented: string | undefined) => boolean {
  const expected = digest(token);
  return (presented) => presented !== undefined && timingSafeEqual(digest(presented), expected);
}

/** Equal lengths, whatever is presented. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
