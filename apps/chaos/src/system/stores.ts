import { execFile } from 'node:child_process';
import { chown, mkdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '@sluice/testing/find-free-port';
import { findPostgresBinaries } from '@sluice/testing/find-postgres-binaries';
import { findPostgresUser } from '@sluice/testing/find-postgres-user';
import { KeptProcess } from './kept-process.js';

export interface Store {
  port: number;
  process: KeptProcess;
}

/** Commits reach the disk before they are answered, as in production: a kill must lose none. */
const POSTGRES_SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=400',
  'shared_buffers=64MB',
  'fsync=on',
  'synchronous_commit=on',
];

export async function startPostgres(home: string): Promise<Store> {
  const user = await findPostgresUser();
  const binaries = await findPostgresBinaries(user);
  const folder = join(home, 'chaos-postgres');
  await mkdir(folder, { mode: 0o700 });
  if (user) await chown(folder, user.uid, user.gid);
  const initialise = ['--pgdata', folder, '--username', 'sluice', '--auth', 'trust', '--encoding', 'UTF8'];
  await promisify(execFile)(join(binaries, 'bin/initdb'), [...initialise, '--locale', 'C', '--no-sync'], {
    ...user,
    cwd: folder,
  });
  const port = await findFreePort();
  const keeper = new KeptProcess({
    command: join(binaries, 'bin/postgres'),
    args: ['-D', folder, '-p', String(port), ...POSTGRES_SETTINGS.flatMap((setting) => ['-c', setting])],
    settings: { ...user, cwd: folder },
    ready: /database system is ready to accept connections/,
  });
  await keeper.start();
  return { port, process: keeper };
}

export async function startRedis(home: string): Promise<Store> {
  const folder = join(home, 'chaos-redis');
  await mkdir(folder);
  const port = await findFreePort();
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
  };
  const keeper = new KeptProcess({
    command: 'redis-server',
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ready: /ready to accept connections/i,
  });
  await keeper.start();
  return { port, process: keeper };
}

/** One command as a person would type it; the answer's first line. */
export function askRedis(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const tooLate = setTimeout(() => socket.destroy(new Error('Redis does not answer')), 5_000);
    let text = '';
    socket.on('data', (bytes) => {
      text += bytes.toString();
      if (!text.includes('\r\n')) return;
      clearTimeout(tooLate);
      resolve(text.slice(0, text.indexOf('\r\n')));
      socket.destroy();
    });
    socket.once('error', reject);
    socket.write(`${command}\r\n`);
  });
}
