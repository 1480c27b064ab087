import type { ServerResponse } from 'node:http';

const broken = new WeakSet<ServerResponse>();

/** Says of an answer that began as a success that it tells a failure at its end: it stands for nothing. */
export function markBroken(response: ServerResponse): void {
  broken.add(response);
}

export function isBroken(response: ServerResponse): boolean {
  return broken.has(response);
}
