import { once } from 'node:events';
import type { Exchange } from './exchange.js';

/** Waits until the client has read enough for the next write, or is gone. */
export async function drained(exchange: Exchange): Promise<void> {
  await once(exchange.response, 'drain', { signal: exchange.signal }).catch(() => undefined);
}
