import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RedisBinary } from './redis-binary.js';
import type { ServiceSpec } from './service-spec.js';
import { canListenAt } from './socket-file.js';
import { writePrivateFile } from './write-private-file.js';

export interface LocalRedis {
  readonly service: ServiceSpec;
  /** A file at which it listens, too. */
  readonly socket: string | undefined;
}

interface Listening {
  folder: string;
  port: number;
  socket: string | undefined;
  password: string;
}

/** A Redis server of this instance alone. Its settings travel in a file, since a command line can be read by everybody. */
export async function localRedis(options: {
  binary: RedisBinary;
  folder: string;
  port: number;
  password: string;
  environment: Readonly<Record<string, string>>;
}): Promise<LocalRedis> {
  const { binary, folder, port, password } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const socketFile = join(folder, 'redis.sock');
  const socket = (await canListenAt(socketFile)) ? socketFile : undefined;
  const settingsFile = join(folder, 'redis.conf');
  await writePrivateFile(settingsFile, describeSettings({ folder, port, socket, password }));
  const service: ServiceSpec = {
    name: 'redis',
    command: binary.command,
    args: [settingsFile],
    environment: { ...options.environment, ...(binary.libraryPath && { LD_LIBRARY_PATH: binary.libraryPath }) },
    directory: folder,
    stopSignal: 'SIGTERM',
    ready: { line: /ready to accept connections/i },
  };
  return { service, socket };
}

function describeSettings({ folder, port, socket, password }: Listening): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    ...(socket ? [`unixsocket ${socket}`, 'unixsocketperm 600'] : []),
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
