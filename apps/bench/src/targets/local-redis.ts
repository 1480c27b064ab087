import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { pidOf, spawnProgram, stopChild } from '../process/child-process.js';
import { findFreePort } from '../process/free-port.js';
import { waitUntil } from '../process/wait-until.js';

export interface LocalRedis {
  readonly port: number;
  /** The way that the services of a launched Sluice take. */
  readonly socket: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** A Redis of the target's own, as durable as the one Sluice runs. */
export async function startLocalRedis(): Promise<LocalRedis> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-bench-redis-'));
  const port = await findFreePort();
  const socket = path.join(folder, 'redis.sock');
  const options = ['--port', port, '--unixsocket', socket, '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  const durability = ['--appendonly', 'yes', '--appendfsync', 'everysec', '--maxmemory-policy', 'noeviction'];
  const child = await spawnProgram({
    command: 'redis-server',
    args: [...options.map(String), ...durability],
    logFile: path.join(folder, 'redis.log'),
  });
  await waitUntil(() => ping(port), { deadlineMs: 5000, message: 'redis-server did not start: is it on the PATH?' });
  return {
    port,
    socket,
    pid: pidOf(child),
    stop: async () => {
      await stopChild(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ping(port: number): Promise<true | undefined> {
  const client = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG' ? true : undefined;
  } finally {
    client.disconnect();
  }
}
