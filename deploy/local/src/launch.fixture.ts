import { EventEmitter } from 'node:events';
import { chmod, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { launch } from './launch.js';
import type { Launched } from './launch.js';
import type { RunFile } from './run-file.js';
import type { ServiceContext } from './services.js';
import type { ServiceSpec } from './service-spec.js';
import { listenForStop } from './stop-request.js';
import { Timings } from './timings.js';

const FAKE_SERVICE = fileURLToPath(new URL('../fixtures/fake-service.mjs', import.meta.url));

/** A launcher in this process, with real stores, real child processes, and signals that only it hears. */
export interface TestInstance {
  readonly launched: Launched;
  readonly home: string;
  /** Everything printed so far. */
  printed(): string;
  signal(name: NodeJS.Signals): void;
  readRunFile(): Promise<RunFile>;
}

/** Mode 0711 lets Postgres, which root starts as another user, pass through. */
export async function makeHome(mode = 0o711): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'sluice-launcher-'));
  await chmod(home, mode);
  return home;
}

export async function removeHome(home: string): Promise<void> {
  // The database of a closed home is elsewhere.
  const data = await realpath(join(home, 'postgres')).catch(() => undefined);
  if (data !== undefined) await rm(data, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
}

export async function launchForTest(options: {
  home: string;
  environment?: NodeJS.ProcessEnv;
  serviceEnvironment?: Record<string, string>;
}): Promise<TestInstance> {
  const signals = new EventEmitter();
  const output = new PassThrough();
  let text = '';
  output.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  const launched = await launch({
    root: options.home,
    environment: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      SLUICE_PORT: '0',
      SLUICE_HOME: options.home,
      SLUICE_DEMO: 'off',
      SHUTDOWN_MS: '500',
      ...options.environment,
    },
    output,
    timings: new Timings(Date.now()),
    stop: listenForStop(signals),
    listServices: (context) => listFakes(context, options.serviceEnvironment ?? {}),
    migrate: () => Promise.resolve(),
  });
  return {
    launched,
    home: options.home,
    printed: () => text,
    signal: (name) => void signals.emit(name),
    readRunFile: async () => JSON.parse(await readFile(join(options.home, 'run.json'), 'utf8')) as RunFile,
  };
}

/** Polls what only the file system and the process table can tell. */
export async function eventually<T>(read: () => Promise<T | undefined | false>): Promise<T> {
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 20) {
    const value = await read();
    if (value !== undefined && value !== false) return value;
    await delay(20);
  }
  throw new Error('It did not happen within 10 s.');
}

async function listFakes(context: ServiceContext, extra: Record<string, string>): Promise<ServiceSpec[]> {
  const workerPort = await context.portOf('fake-worker');
  const ports = [
    { name: 'gateway', variable: 'SLUICE_PORT', port: context.gatewayPort },
    { name: 'fake-worker', variable: 'WORKER_PORT', port: workerPort },
  ];
  return ports.map(({ name, variable, port }) => ({
    name,
    command: process.execPath,
    args: [FAKE_SERVICE],
    environment: { ...context.environment, ...extra, SLUICE_HOST: '127.0.0.1', [variable]: String(port) },
    directory: context.root,
    stopSignal: 'SIGTERM',
    ready: { url: `http://127.0.0.1:${port}/readyz` },
  }));
}
