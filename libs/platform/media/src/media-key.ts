const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const MAXIMUM_SEGMENTS = 16;

/** Path segments of a key. Throws on anything that could name a place outside the store; keys are ours, so it is a bug. */
export function keySegments(key: string): string[] {
  const segments = key.split('/');
  if (segments.length <= MAXIMUM_SEGMENTS && segments.every((segment) => SEGMENT.test(segment))) return segments;
  throw new Error(`Not a media key: ${JSON.stringify(key)}`);
}
