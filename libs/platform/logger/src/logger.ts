import type { LogLevel } from '@sluice/platform-config/core-environment';
import { pino } from 'pino';
import { followLogContext, logContext } from './log-context.js';
import { redactText } from './redact.js';

export type Logger = pino.Logger;

export interface LoggerOptions {
  service: string;
  level: LogLevel;
  /** Standard output when absent. */
  destination?: pino.DestinationStream;
}

/** A stalled reader of our output costs lines, not the process's memory. */
const MAXIMUM_BACKLOG_BYTES = 16 * 1024 * 1024;

/** One JSON object a line. Every line passes the redaction as text, so that no depth of nesting escapes it. */
export function createLogger({ service, level, destination = standardOutput() }: LoggerOptions): Logger {
  if (level === 'debug' || level === 'trace') followLogContext();
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => ({ ...logContext() }),
      hooks: { streamWrite: redactText },
    },
    destination,
  );
}

/**
 * Written at once but without blocking the event loop; under load, lines gather behind the write in flight. What is
 * left at a crash or exit is flushed synchronously by pino's exit hook: only a SIGKILL can lose a line.
 */
function standardOutput(): pino.DestinationStream {
  return pino.destination({ fd: 1, sync: false, minLength: 0, maxLength: MAXIMUM_BACKLOG_BYTES });
}
