import { ConfigError } from '@sluice/platform-config/config-error';
import { createLogger, type Logger } from '@sluice/platform-logger/logger';
import type { LogLevel } from '@sluice/platform-config/core-environment';

/** `EX_CONFIG` of sysexits: a supervisor need not try again before somebody changes the variables. */
const EXIT_CONFIG = 78;

/** What every process reads, whatever else it does. */
interface ProcessConfig {
  LOG_LEVEL: LogLevel;
  SHUTDOWN_MS: number;
}

export interface ProcessDefinition<Config extends ProcessConfig> {
  service: string;
  loadConfig(): Config;
  /** Resolves when the process serves, with what ends it in order before `deadlineMs` on the clock. */
  start(context: { config: Config; logger: Logger }): Promise<{ stop(deadlineMs: number): Promise<void> }>;
}

/** A service process from its variables to its end. */
export async function runProcess<Config extends ProcessConfig>(definition: ProcessDefinition<Config>): Promise<void> {
  const config = readConfig(definition);
  const logger = createLogger({ service: definition.service, level: config.LOG_LEVEL });
  process.on('unhandledRejection', (error) => logger.error({ err: error }, 'unhandled rejection'));
  try {
    const { stop } = await definition.start({ config, logger });
    endOnSignal({ logger, shutdownMs: config.SHUTDOWN_MS, stop });
  } catch (error) {
    logger.fatal({ err: error }, 'the process cannot start');
    process.exitCode = 1;
    setTimeout(() => process.exit(1), 100);
  }
}

function readConfig<Config extends ProcessConfig>(definition: ProcessDefinition<Config>): Config {
  try {
    return definition.loadConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${definition.service}: ${error.message}\n`);
    process.exit(EXIT_CONFIG);
  }
}

/** Ends the process in order at SIGTERM or SIGINT, and without more ado when that takes too long. */
function endOnSignal(options: { logger: Logger; shutdownMs: number; stop(deadlineMs: number): Promise<void> }): void {
  const { logger, shutdownMs, stop } = options;
  let isEnding = false;
  const end = (signal: NodeJS.Signals) => {
    if (isEnding) return;
    isEnding = true;
    logger.info({ signal, shutdownMs }, 'shutting down');
    setTimeout(() => process.exit(1), shutdownMs).unref();
    stop(Date.now() + shutdownMs).then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'the shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}
