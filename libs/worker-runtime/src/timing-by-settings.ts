import type { Settings } from '@sluice/domain-settings/settings';
import { DURABLE_TIMING, type DurableTiming } from './durable-deps.js';

/** For all upstreams. */
const ALL = '*';
/** As good as for ever; a date can hold it. */
const FOREVER_MS = 1_000 * 365 * 24 * 60 * 60_000;

/** The times of durable generations as the operator says now: every look at one is at the setting. */
export function timingBySettings(options: {
  upstream: string;
  settings: Pick<Settings, 'get'>;
  /** Where the settings say nothing. */
  keepFilesMs: number;
}): DurableTiming {
  const { upstream, settings, keepFilesMs } = options;
  const pace = () => {
    const all = settings.get('POLLING');
    return all[upstream] ?? all[ALL];
  };
  return {
    ...DURABLE_TIMING,
    get firstPollMs() {
      return pace()?.firstMs ?? DURABLE_TIMING.firstPollMs;
    },
    get longestPollMs() {
      return pace()?.longestMs ?? DURABLE_TIMING.longestPollMs;
    },
    get keepFilesMs() {
      const said = settings.get('KEEP_FILES_MS');
      return said === 'forever' ? FOREVER_MS : (said ?? keepFilesMs);
    },
  };
}
