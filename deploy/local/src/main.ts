import { ConfigError } from '@sluice/platform-config/config-error';
import { migrate } from '@sluice/platform-postgres/migrate';
import { launch } from './launch.js';
import type { Launched } from './launch.js';
import { LaunchError } from './launch-error.js';
import { listServices } from './services.js';
import { listenForStop } from './stop-request.js';
import { formatSeconds, Timings } from './timings.js';
import type { Phase } from './timings.js';
import { watchBuild } from './watch-build.js';

export interface MainOptions {
  readonly root: string;
  readonly startedAtMs: number;
  /** What `start.mjs` did before it came here. */
  readonly phases: readonly Phase[];
  readonly isWatching: boolean;
}

/** `npm start` from here on: everything is installed and built. Ends the process when all has ended. */
export async function main(options: MainOptions): Promise<void> {
  // A terminal that was closed takes no more lines; the services are stopped all the same.
  process.stdout.on('error', () => undefined);
  const timings = new Timings(options.startedAtMs, options.phases);
  const stop = listenForStop(process);
  try {
    const { root } = options;
    const launched = await launch({
      root,
      environment: process.env,
      output: process.stdout,
      timings,
      stop,
      // What is built while they run is not bundled.
      listServices: options.isWatching
        ? (context) => listServices({ ...context, entry: 'dist/main.js' })
        : listServices,
      migrate,
    });
    process.stdout.write(describeReady({ launched, timings, isTerminal: process.stdout.isTTY }));
    if (options.isWatching) {
      const say = (text: string) => launched.log.say('info', text);
      watchBuild({ root, signal: stop.signal, say, onBuilt: launched.restartServices });
    }
    await launched.stopped;
  } catch (error) {
    if (stop.signal.aborted) return;
    process.exitCode = 1;
    process.stderr.write(`\n${describeFailure(error)}\n`);
  } finally {
    stop.dispose();
    // Whatever a library still holds open, everything of ours has ended.
    process.stdout.write('', () => process.exit());
  }
}

/** Secrets are shown to a person at a terminal, and kept out of logs that a program gathers. */
function describeReady(options: { launched: Launched; timings: Timings; isTerminal: boolean }): string {
  const { launched, timings, isTerminal } = options;
  const { run } = launched;
  const rows = [
    ['API', `${run.gateway}/v1`],
    ['Reference', `${run.gateway}/docs`],
    ...(run.simulator === undefined ? [] : [['Simulator', run.simulator]]),
    ...(isTerminal
      ? [
          ['API key', run.apiKey],
          ['Admin', `${run.adminEmail} · ${run.adminPassword}`],
        ]
      : []),
  ].map(([name = '', value = '']) => `  ${name.padEnd(10)} ${value}`);
  return [
    '',
    `sluice ready in ${formatSeconds(timings.totalMs())} (${timings.describe()})`,
    ...rows,
    '  Keys and addresses are in run.json of the data folder. Ctrl-C stops everything.',
    '',
    '',
  ].join('\n');
}

function describeFailure(error: unknown): string {
  if (error instanceof LaunchError || error instanceof ConfigError) return error.message;
  if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
    return 'The disk is full. Free some space, or set SLUICE_HOME to a folder on another disk.';
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
