import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { UPSTREAMS } from '@sluice/manifests/upstreams';
import { LaunchError } from './launch-error.js';
import type { ServiceSpec } from './service-spec.js';

/** What the services need to know of each other. */
export interface ServiceContext {
  readonly root: string;
  /** Given to every service. */
  readonly environment: Readonly<Record<string, string>>;
  readonly gatewayPort: number;
  readonly gatewayHost: string;
  readonly hasSimulator: boolean;
  /** What starts an app, in its folder; absent: all of it in one file, which is made last. */
  readonly entry?: 'dist/main.js';
  readonly replicas: ReadonlyMap<string, number>;
  /** The inner port of a service: free, and the same over restarts where it can be. */
  portOf(name: string): Promise<number>;
}

/** Where the collector's helpers would only take turns with what they help, it does without. */
const COLLECTOR_FLAGS = availableParallelism() <= 2 ? ['--single-threaded-gc'] : [];

/**
 * Bounds on what a process may keep, not on what it needs: idle, each takes a fraction of it. In a large young generation most
 * of what a call leaves has died before it is looked at: a tenth of the CPU under load.
 */
const MEMORY_FLAGS = {
  gateway: ['--max-old-space-size=1024', '--max-semi-space-size=64', ...COLLECTOR_FLAGS],
  worker: ['--max-old-space-size=512', '--max-semi-space-size=64', ...COLLECTOR_FLAGS],
  simulator: ['--max-old-space-size=256', '--max-semi-space-size=4'],
};

/** All processes of ours beside the stores: the simulator, the gateways, the workers of every upstream. */
export function listServices(context: ServiceContext): Promise<ServiceSpec[]> {
  const workers = [...new Set(UPSTREAMS.map((upstream) => upstream.worker))];
  refuseUnknownReplicas({ replicas: context.replicas, known: ['gateway', ...workers] });
  return Promise.all([
    ...(context.hasSimulator ? [simulatorSpec(context)] : []),
    ...replicate(context, 'gateway').map((name) => gatewaySpec(context, name)),
    ...workers.flatMap((worker) => replicate(context, worker).map((name) => workerSpec({ context, worker, name }))),
  ]);
}

function replicate({ replicas }: ServiceContext, name: string): string[] {
  const count = replicas.get(name) ?? 1;
  return Array.from({ length: count }, (_, index) => (index === 0 ? name : `${name}-${index + 1}`));
}

function refuseUnknownReplicas({
  replicas,
  known,
}: {
  replicas: ReadonlyMap<string, number>;
  known: readonly string[];
}): void {
  const unknown = [...replicas.keys()].filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new LaunchError(`SLUICE_REPLICAS names “${unknown.join('”, “')}”; there are: ${known.join(', ')}.`);
}

async function gatewaySpec(context: ServiceContext, name: string): Promise<ServiceSpec> {
  const port = name === 'gateway' ? context.gatewayPort : await context.portOf(name);
  const host = name === 'gateway' ? context.gatewayHost : '127.0.0.1';
  return {
    ...nodeService({ context, name, app: 'gateway', flags: MEMORY_FLAGS.gateway }),
    environment: {
      ...context.environment,
      SLUICE_PORT: String(port),
      SLUICE_HOST: host,
    },
    ready: { url: `${loopbackUrl({ host, port })}/readyz` },
  };
}

async function workerSpec({
  context,
  worker,
  name,
}: {
  context: ServiceContext;
  worker: string;
  name: string;
}): Promise<ServiceSpec> {
  const port = await context.portOf(name);
  return {
    ...nodeService({ context, name, app: worker, flags: MEMORY_FLAGS.worker }),
    environment: { ...context.environment, WORKER_PORT: String(port) },
    ready: { url: `http://127.0.0.1:${port}/readyz` },
  };
}

async function simulatorSpec(context: ServiceContext): Promise<ServiceSpec> {
  const port = await context.portOf('simulator');
  return {
    ...nodeService({ context, name: 'simulator', app: 'simulator', flags: MEMORY_FLAGS.simulator }),
    environment: { ...context.environment, SIMULATOR_HOST: '127.0.0.1', SIMULATOR_PORT: String(port) },
    ready: { url: `http://127.0.0.1:${port}/__control/health` },
  };
}

function nodeService(options: { context: ServiceContext; name: string; app: string; flags: readonly string[] }) {
  const { context, name, app, flags } = options;
  return {
    name,
    command: process.execPath,
    args: [...flags, join(context.root, 'apps', app, context.entry ?? 'dist/bundle/main.js')],
    directory: context.root,
    stopSignal: 'SIGTERM' as const,
  };
}

/** The gateways of `listServices`, by their names. */
export function isGateway(name: string): boolean {
  return /^gateway(?:-\d+)?$/.test(name);
}

/** Where this machine reaches a server that listens on the host: `0.0.0.0` and `::` are no addresses to call. */
export function loopbackUrl({ host, port }: { host: string; port: number }): string {
  if (host === '0.0.0.0' || host === '') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
