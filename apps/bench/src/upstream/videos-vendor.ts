import { startEntry } from '../process/child-process.js';
import type { RunningEntry } from '../process/child-process.js';

/** A vendor of videos in OpenAI's protocol that costs as little as it can. */
export function startVideosVendor(): Promise<RunningEntry> {
  return startEntry({ module: new URL('videos-vendor.entry.js', import.meta.url), argument: {} });
}
