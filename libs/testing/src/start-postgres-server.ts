import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { endWithProcess } from './end-with-process.js';
import { findFreePort } from './find-free-port.js';
import { findPostgresBinaries } from './find-postgres-binaries.js';
import { findPostgresUser } from './find-postgres-user.js';

export interface PostgresServer {
  readonly port: number;
  readonly pid: number;
  urlOf(database: string): string;
  /** Ends it at once and removes its files. */
  stop(): Promise<void>;
}

/** A Postgres from the npm-shipped binaries with an empty cluster in the system's temporary folder, made for speed and not for keeping. */
export async function startPostgresServer(): Promise<PostgresServer> {
  const user = await findPostgresUser();
  const binaries = await findPostgresBinaries(user);
  const folder = await mkdtemp(`${tmpdir()}/sluice-test-postgres-`);
  if (user) await chown(folder, user.uid, user.gid);
  const initialise = [
    '--pgdata',
    folder,
    '--username',
    'sluice',
    '--auth',
    'trust',
    '--encoding',
    'UTF8',
    '--locale',
    'C',
    '--no-sync',
  ];
  await promisify(execFile)(join(binaries, 'bin/initdb'), initialise, { ...user, cwd: folder });
  const port = await findFreePort();
  const flags = ['-D', folder, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const child = spawn(join(binaries, 'bin/postgres'), flags, {
    ...user,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  endWithProcess({ child, signal: 'SIGQUIT', folder });
  await untilReady(child);
  return {
    port,
    pid: child.pid ?? 0,
    urlOf: (database) => `postgres://sluice@127.0.0.1:${port}/${database}`,
    async stop() {
      await end(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=400',
  'shared_buffers=64MB',
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'autovacuum=off',
];

function untilReady(child: ChildProcess & { stderr: NodeJS.ReadableStream }): Promise<void> {
  const log: string[] = [];
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`Postgres ended with code ${code} before it was ready:\n${log.join('\n')}`)),
    );
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (log.length < 50) log.push(line);
      if (line.includes('database system is ready to accept connections')) resolve();
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  // Immediate shutdown: sessions are cut and nothing is flushed, since the files go as well.
  child.kill('SIGQUIT');
  await exited;
}
