import type { Logger } from '@sluice/platform-logger/logger';

/** Ends the process in order at SIGTERM or SIGINT, and without more ado when that takes too long. */
export function endOnSignal(options: { logger: Logger; shutdownMs: number; end(deadlineMs: number): Promise<void> }): void {
  let isEnding = false;
  const end = (signal: NodeJS.Signals) => {
    if (isEnding) return;
    isEnding = true;
    options.logger.info({ signal, shutdownMs: options.shutdownMs }, 'shutting down');
    setTimeout(() => process.exit(1), options.shutdownMs).unref();
    options.end(Date.now() + options.shutdownMs).then(
      () => process.exit(0),
      (error: unknown) => {
        options.logger.error({ err: error }, 'the shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
