import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { clearStalePostmaster } from './clear-stale-postmaster.js';
import type { Home } from './home.js';
import { initialisePostgres } from './initialise-postgres.js';
import { findPostgresBinaries } from './postgres-binaries.js';
import { placePostgres } from './postgres-place.js';
import { findPostgresUser } from './postgres-user.js';
import type { ServiceSpec } from './service-spec.js';
import { canListenAt } from './socket-file.js';

/** For one machine: small memory, few helpers, and nothing acknowledged that a crash could lose. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  fsync: 'on',
  synchronous_commit: 'on',
  max_connections: '200',
  shared_buffers: '64MB',
  work_mem: '4MB',
  maintenance_work_mem: '32MB',
  max_wal_size: '512MB',
  checkpoint_completion_target: '0.9',
  // Nothing replicates from here; this writes less.
  wal_level: 'minimal',
  max_wal_senders: '0',
  // In the process itself instead of three more processes.
  io_method: 'sync',
  max_worker_processes: '4',
  max_parallel_workers: '2',
  max_parallel_workers_per_gather: '0',
  max_logical_replication_workers: '0',
  autovacuum_max_workers: '2',
  autovacuum_worker_slots: '2',
  jit: 'off',
  huge_pages: 'off',
  lc_messages: 'C',
  log_line_prefix: '',
  log_checkpoints: 'off',
};

export interface EmbeddedPostgres {
  readonly service: ServiceSpec;
  /** The folder of the socket at which it listens, too. */
  readonly socketFolder: string | undefined;
}

/** Finds the programs, makes the cluster where there is none, and says how to run the server. */
export async function embeddedPostgres(options: {
  home: Home;
  port: number;
  password: string;
  environment: Readonly<Record<string, string>>;
  say(message: string): void;
}): Promise<EmbeddedPostgres> {
  const { home, port, password, environment, say } = options;
  const [binaries, user] = await Promise.all([findPostgresBinaries(), findPostgresUser()]);
  const place = await placePostgres({ home, binaries, user, say });
  await initialisePostgres({ place, user, password, environment });
  const data = join(place.folder, 'data');
  const socket = join(place.folder, `.s.PGSQL.${port}`);
  const socketFolder = (await canListenAt(socket)) ? place.folder : undefined;
  const settings = { ...SETTINGS, unix_socket_directories: socketFolder ?? '' };
  const service: ServiceSpec = {
    name: 'postgres',
    command: join(place.binaries, 'bin/postgres'),
    args: [
      '-D',
      data,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    environment: { ...environment, LC_ALL: 'C' },
    // The user it runs as must be able to stand there.
    directory: '/',
    ...(user && { user: { uid: user.uid, gid: user.gid } }),
    // A fast shutdown: open sessions are ended.
    stopSignal: 'SIGINT',
    ready: { line: /database system is ready to accept connections/ },
    prepare: async () => {
      await clearStalePostmaster(data);
      await clearSocket(socket);
    },
  };
  return { service, socketFolder };
}

/** What a killed server left. Its lock would stop the next one where another process has its number by now. */
async function clearSocket(socket: string): Promise<void> {
  for (const file of [socket, `${socket}.lock`]) await rm(file, { force: true });
}
