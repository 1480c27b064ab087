import { startEntry } from '../process/child-process.js';
import type { RunningEntry } from '../process/child-process.js';

/** The upstream that every target calls: fixed answers, as cheap as they can be. */
export function startStandIn(): Promise<RunningEntry> {
  return startEntry({ module: new URL('stand-in.entry.js', import.meta.url), argument: {} });
}
