import type { ServerResponse } from 'node:http';

/**
 * Calls back once when the client leaves before its answer is complete. The response's end is what counts: the
 * request's `close` fires as soon as its body has been read. Returns what stops the watch.
 */
export function onClientGone(response: ServerResponse, callback: () => void): () => void {
  const listener = () => {
    if (!response.writableEnded) callback();
  };
  // Gone while the call was prepared: that event has passed.
  if (response.destroyed) listener();
  response.once('close', listener);
  return () => response.off('close', listener);
}
