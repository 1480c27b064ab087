import { followLogContext } from '@sluice/platform-logger/log-context';
import type { Logger } from '@sluice/platform-logger/logger';
import type { Settings } from './settings.js';

/** Writes as much as the operator says now, else as much as the process was started with. Returns how to end it. */
export function followLogLevel(settings: Pick<Settings, 'get' | 'watch'>, logger: Pick<Logger, 'level'>): () => void {
  const started = logger.level;
  return settings.watch(() => {
    const level = settings.get('LOG_LEVEL') ?? started;
    if (level === logger.level) return;
    if (level === 'debug') followLogContext();
    logger.level = level;
  });
}
