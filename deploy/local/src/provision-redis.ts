import { join } from 'node:path';
import { findOnPath } from './find-on-path.js';
import { LaunchError } from './launch-error.js';
import type { RedisBinary } from './redis-binary.js';
import { runCommand } from './run-command.js';
import { findUnpackedRedis, unpackRedis } from './unpack-redis.js';

export interface ProvisionRedisOptions {
  /** The data folder of this instance: a package is unpacked into it. */
  readonly home: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly isRoot: boolean;
  readonly signal?: AbortSignal;
  say(message: string): void;
}

const SERVER_NAMES = ['redis-server', 'valkey-server'];

/** One on the PATH, else one of the distribution's: installed by root, unpacked into the data folder by anybody else. */
export async function provisionRedis(options: ProvisionRedisOptions): Promise<RedisBinary> {
  const path = options.environment['PATH'] ?? '';
  const unpacked = join(options.home, 'redis-package');
  const present = (await findServer(path)) ?? (await findUnpackedRedis(unpacked));
  if (present !== undefined) return present;
  const attempts: string[] = [];
  for (const way of [installWithApt, unpackWithApt, installWithBrew]) {
    const { binary, problem } = await way({ ...options, path, unpacked });
    if (binary !== undefined) return binary;
    if (problem !== undefined) attempts.push(problem);
  }
  throw new LaunchError(describeMissingRedis(attempts));
}

type Way = (
  options: ProvisionRedisOptions & { path: string; unpacked: string },
) => Promise<{ binary?: RedisBinary | undefined; problem?: string }>;

const installWithApt: Way = async (options) => {
  const apt = await findOnPath({ names: ['apt-get'], path: options.path });
  if (apt === undefined || !options.isRoot) return {};
  options.say('No Redis server was found; installing the package redis-server with apt-get …');
  // RUNLEVEL=1 keeps the package from starting a server of its own.
  const environment = { ...options.environment, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const run = (args: string[]) => runCommand({ command: apt, args, environment, ...signalOf(options) });
  const install = ['install', '-y', '--no-install-recommends', 'redis-server'];
  let result = await run(install);
  if (result.code !== 0) {
    await run(['update']);
    result = await run(install);
  }
  const binary = await findServer(options.path);
  return binary === undefined ? { problem: `apt-get install redis-server: ${lastLine(result.output)}` } : { binary };
};

const unpackWithApt: Way = async (options) => {
  const apt = await findOnPath({ names: ['apt-get'], path: options.path });
  const dpkg = await findOnPath({ names: ['dpkg-deb'], path: options.path });
  if (apt === undefined || dpkg === undefined) return {};
  options.say('No Redis server was found; downloading the distribution’s package into the data folder …');
  const problem = await unpackRedis({
    apt,
    dpkg,
    folder: options.unpacked,
    environment: options.environment,
    ...signalOf(options),
  });
  return problem === undefined ? { binary: await findUnpackedRedis(options.unpacked) } : { problem };
};

const installWithBrew: Way = async (options) => {
  const brew = await findOnPath({ names: ['brew'], path: options.path });
  if (brew === undefined) return {};
  options.say('No Redis server was found; installing redis with brew …');
  const result = await runCommand({
    command: brew,
    args: ['install', 'redis'],
    environment: options.environment,
    ...signalOf(options),
  });
  const binary = await findServer(options.path);
  return binary === undefined ? { problem: `brew install redis: ${lastLine(result.output)}` } : { binary };
};

async function findServer(path: string): Promise<RedisBinary | undefined> {
  const command = await findOnPath({ names: SERVER_NAMES, path });
  return command === undefined ? undefined : { command };
}

function signalOf({ signal }: ProvisionRedisOptions): { signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? 'no output';
}

function describeMissingRedis(attempts: readonly string[]): string {
  return [
    'Redis is missing, and it could not be installed from here.',
    ...attempts.map((attempt) => `  tried ${attempt}`),
    'Install it (Debian and Ubuntu: apt-get install redis-server; macOS: brew install redis; Fedora: dnf install valkey),',
    'or set REDIS_URL to a Redis server that runs already, for example REDIS_URL=redis://127.0.0.1:6379.',
  ].join('\n');
}
