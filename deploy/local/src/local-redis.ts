import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedisBinary } from './redis-binary.js';
import type { ServiceSpec } from './service-spec.js';
import { writePrivateFile } from './write-private-file.js';

/** A Redis server of this instance alone. Its settings travel in a file, since a command line can be read by everybody. */
export async function localRedis(options: {
  binary: RedisBinary;
  folder: string;
  port: number;
  password: string;
  environment: Readonly<Record<string, string>>;
}): Promise<ServiceSpec> {
  const { binary, folder, port, password } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const settingsFile = join(folder, 'redis.conf');
  await writePrivateFile(settingsFile, describeSettings({ folder, port, password }));
  return {
    name: 'redis',
    command: binary.command,
    args: [settingsFile],
    environment: { ...options.environment, ...(binary.libraryPath && { LD_LIBRARY_PATH: binary.libraryPath }) },
    directory: folder,
    stopSignal: 'SIGTERM',
    ready: { line: /ready to accept connections/i },
  };
}

function describeSettings({ folder, port, password }: { folder: string; port: number; password: string }): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(folder)}`,
    'daemonize no',
    'loglevel notice',
    // A queue must lose nothing to memory pressure, and at most a second to a crash.
    'maxmemory-policy noeviction',
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'timeout 0',
    'tcp-keepalive 60',
    '',
  ].join('\n');
}
