import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createInterface } from 'node:readline';
import { endWithProcess } from './end-with-process.js';
import { findFreePort } from './find-free-port.js';

export interface RedisServer {
  /** Without a database number. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Kills it at once, as a crash would, and removes its files. */
  stop(): Promise<void>;
}

/** A Redis of one's own, for tests that flush, stop or slow it; others take `createTestRedis`. */
export async function startRedisServer(options: { port?: number } = {}): Promise<RedisServer> {
  const port = options.port ?? (await findFreePort());
  const folder = await mkdtemp(`${tmpdir()}/sluice-test-redis-`);
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: 'no',
    databases: 4096,
    'maxmemory-policy': 'noeviction',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = await startFirstFound(['redis-server', 'valkey-server'], flags);
  endWithProcess({ child, signal: 'SIGKILL', folder });
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await exited;
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startFirstFound(commands: readonly string[], flags: readonly string[]): Promise<ChildProcess> {
  for (const command of commands) {
    const child = await startUntilReady(command, flags);
    if (child) return child;
  }
  throw new Error(`The medium tests need a Redis: none of ${commands.join(', ')} is on the PATH.`);
}

/** Undefined when there is no such command. */
function startUntilReady(command: string, flags: readonly string[]): Promise<ChildProcess | undefined> {
  const child = spawn(command, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? resolve(undefined) : reject(error),
    );
    child.once('exit', (code) => reject(new Error(`${command} ended with code ${code} before it was ready`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve(child);
    });
  });
}
