import type { Writable } from 'node:stream';
import { UPSTREAMS } from '@sluice/manifests/upstreams';
import { createAdminApi } from './admin-api.js';
import { createCombinedLog } from './combined-log.js';
import type { CombinedLog } from './combined-log.js';
import { addFirstCredentials } from './first-credentials.js';
import { openInstance } from './instance.js';
import type { Instance } from './instance.js';
import { writeMemory } from './launcher-memory.js';
import { ProcessSet } from './process-set.js';
import { createRunFileWriter } from './run-file.js';
import type { RunFile } from './run-file.js';
import { serviceEnvironment } from './service-environment.js';
import type { ServiceContext } from './services.js';
import { isGateway, loopbackUrl } from './services.js';
import type { ServiceSpec } from './service-spec.js';
import { startStores } from './start-stores.js';
import type { Stores } from './start-stores.js';
import { stopInstance } from './stop-instance.js';
import type { StopRequest } from './stop-request.js';
import type { Timings } from './timings.js';

const READY_LIMIT_MS = 120_000;

export interface LaunchOptions {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly output: Writable & { isTTY?: boolean };
  readonly timings: Timings;
  readonly stop: StopRequest;
  /** What stands beside the stores; `listServices` but in tests. */
  readonly listServices: (context: ServiceContext) => Promise<ServiceSpec[]>;
  readonly migrate: (options: { url: string }) => Promise<unknown>;
}

export interface Launched {
  readonly run: RunFile;
  readonly log: CombinedLog;
  /** Starts the services, not the stores, anew. */
  restartServices(): void;
  /** Resolves when it was asked to stop and everything has ended. */
  readonly stopped: Promise<void>;
}

/** Starts everything and keeps it up. Whatever fails or interrupts the start, nothing is left running. */
export async function launch(options: LaunchOptions): Promise<Launched> {
  const instance = await openInstance(options);
  const log = createCombinedLog({
    directory: instance.home.logs,
    output: options.output,
    level: instance.settings.LOG_LEVEL,
  });
  const processes = new ProcessSet({ log, processesFile: instance.home.processesFile });
  const end = () => stopInstance({ instance, processes, log, atOnce: options.stop.atOnce });
  try {
    const started = await start({ ...options, instance, log, processes });
    return { ...started, log, stopped: untilAborted(options.stop.signal).then(end) };
  } catch (error) {
    await end();
    throw error;
  }
}

type StartOptions = LaunchOptions & { instance: Instance; log: CombinedLog; processes: ProcessSet };

async function start(options: StartOptions): Promise<Pick<Launched, 'run' | 'restartServices'>> {
  const { instance, log, processes, timings, stop } = options;
  const stores = await startStores({
    instance,
    processes,
    timings,
    signal: stop.signal,
    say: (message) => log.say('info', message),
  });
  await timings.measure('migrations', () => options.migrate({ url: stores.database.url }));
  stop.signal.throwIfAborted();
  const services = await startServices(options, stores);
  const run = describeRun({ instance, stores, services });
  await timings.measure('credentials', () => settleCredentials(instance, run));
  const writer = createRunFileWriter({
    path: instance.home.runFile,
    describe: () => ({ ...run, pids: processes.pids() }),
    onError: (error) => log.say('error', `run.json could not be written: ${String(error)}`),
  });
  await writer.write();
  processes.onPidChange = () => void writer.write();
  stop.signal.throwIfAborted();
  return {
    run: { ...run, pids: processes.pids() },
    restartServices: () => processes.restart(services.map((service) => service.name)),
  };
}

async function startServices(
  { instance, processes, timings, stop, root, listServices }: StartOptions,
  stores: Stores,
): Promise<ServiceSpec[]> {
  const services = await listServices({
    root,
    environment: serviceEnvironment(instance, stores),
    gatewayPort: instance.gatewayPort,
    gatewayHost: instance.settings.SLUICE_HOST,
    hasSimulator: instance.settings.SLUICE_DEMO !== 'off',
    replicas: instance.settings.SLUICE_REPLICAS,
    portOf: (name) => instance.ports.portOf(name),
  });
  const names = services.map((service) => service.name);
  await timings.measure('services', async () => {
    for (const service of services) processes.start(service);
    await processes.untilReady({ names, limitMs: READY_LIMIT_MS, signal: stop.signal });
  });
  return services;
}

async function settleCredentials(instance: Instance, run: RunFile): Promise<void> {
  const { environment, home, ports } = instance;
  const remember = { ...instance.memory, ports: await ports.chosen() };
  const admin = createAdminApi({ gatewayUrl: run.gateway, adminToken: run.adminToken });
  const memory = await addFirstCredentials({
    admin,
    upstreams: UPSTREAMS,
    environment,
    simulatorUrl: run.simulator,
    memory: remember,
  });
  await writeMemory(home.memoryFile, memory);
}

function describeRun({
  instance,
  stores,
  services,
}: {
  instance: Instance;
  stores: Stores;
  services: readonly ServiceSpec[];
}): RunFile {
  const { apiKey, adminToken, adminEmail, adminPassword } = instance.secrets;
  const gateways = services
    .filter(({ name }) => isGateway(name))
    .map(({ name, environment }) => {
      const url = loopbackUrl({ host: environment['SLUICE_HOST'] ?? '', port: Number(environment['SLUICE_PORT']) });
      return [name, url] as const;
    });
  const simulatorPort = services.find(({ name }) => name === 'simulator')?.environment['SIMULATOR_PORT'];
  return {
    gateway: loopbackUrl({ host: instance.settings.SLUICE_HOST, port: instance.gatewayPort }),
    gateways: Object.fromEntries(gateways),
    apiKey,
    adminToken,
    adminEmail,
    adminPassword,
    ...(simulatorPort !== undefined && { simulator: `http://127.0.0.1:${simulatorPort}` }),
    databaseUrl: stores.database.url,
    redisUrl: stores.redis.url,
    pids: {},
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
