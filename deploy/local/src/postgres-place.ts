import { createHash } from 'node:crypto';
import { chmod, chown, cp, lstat, mkdir, mkdtemp, realpath, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Home } from './home.js';
import { LaunchError } from './launch-error.js';
import type { PostgresBinaries } from './postgres-binaries.js';
import type { PostgresUser } from './postgres-user.js';
import { runCommand } from './run-command.js';

/** Where root puts what another user must reach, when the checkout or the home lies below a folder that is closed to it. */
const REACHABLE_FOLDERS = ['/var/lib/sluice', '/opt/sluice', '/var/tmp/sluice'];

export interface PostgresPlace {
  /** Holds `bin`, `lib` and `share`. */
  readonly binaries: string;
  /** Belongs to the user that Postgres runs as; the cluster is `data` in it. */
  readonly folder: string;
}

export async function placePostgres(options: {
  home: Home;
  binaries: PostgresBinaries;
  user: PostgresUser | undefined;
  say(message: string): void;
}): Promise<PostgresPlace> {
  const { home, binaries, user } = options;
  if (user === undefined) {
    await mkdir(home.postgres, { recursive: true, mode: 0o700 });
    return { binaries: binaries.folder, folder: await realpath(home.postgres) };
  }
  const rooted = { ...options, user };
  return { binaries: await placeBinaries(rooted), folder: await placeData(rooted) };
}

interface RootedOptions {
  home: Home;
  binaries: PostgresBinaries;
  user: PostgresUser;
  say(message: string): void;
}

async function placeBinaries({ binaries, user, say }: RootedOptions): Promise<string> {
  if (await canRun({ binaries: binaries.folder, user })) return binaries.folder;
  const target = join(
    await openReachableFolder(user),
    `postgres-${binaries.version}-${process.platform}-${process.arch}`,
  );
  if (await canRun({ binaries: target, user })) return target;
  say(
    `The user “${user.name}” cannot reach the Postgres programs below the checkout; a copy of them is kept in ${target}`,
  );
  const copy = await mkdtemp(`${target}.`);
  await cp(binaries.folder, copy, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
  await runCommand({ command: 'chmod', args: ['-R', 'go=u-w', copy] });
  await rm(target, { recursive: true, force: true });
  await rename(copy, target);
  return target;
}

/** The folder in the home where it can be reached; else one elsewhere, to which the home keeps a link. */
async function placeData({ home, user, say }: RootedOptions): Promise<string> {
  const isNew = await lstat(home.postgres).then(
    () => false,
    () => true,
  );
  if (isNew) await mkdir(home.postgres, { mode: 0o700 });
  const folder = await realpath(home.postgres);
  await giveTo({ folder, user });
  if (await canWrite({ folder, user })) return folder;
  const homeHash = createHash('sha256').update(home.path).digest('hex').slice(0, 12);
  // Never the folder of an earlier home at the same path: its data belong to other secrets.
  const target = await mkdtemp(join(await openReachableFolder(user), `data-${homeHash}-`));
  say(
    `The user “${user.name}” cannot reach ${home.postgres}; the database is kept in ${target}, and ${home.postgres} links to it`,
  );
  if (!isNew) await runCommand({ command: 'cp', args: ['-a', `${folder}/.`, target] });
  await giveTo({ folder: target, user });
  await rename(home.postgres, `${home.postgres}.moved`);
  await symlink(target, home.postgres);
  await rm(`${home.postgres}.moved`, { recursive: true, force: true });
  return target;
}

/** The files of a home that another user started before are still that user's. */
async function giveTo({ folder, user }: { folder: string; user: PostgresUser }): Promise<void> {
  const data = await stat(join(folder, 'data')).catch(() => undefined);
  if (data !== undefined && data.uid !== user.uid)
    await runCommand({ command: 'chown', args: ['-R', `${user.uid}:${user.gid}`, folder] });
  await chown(folder, user.uid, user.gid);
}

async function openReachableFolder(user: PostgresUser): Promise<string> {
  for (const folder of REACHABLE_FOLDERS) {
    await mkdir(folder, { mode: 0o755 }).catch(() => undefined);
    const found = await stat(folder).catch(() => undefined);
    // Somebody else's folder at a place where all can write would let them choose the programs that we run.
    if (found?.uid !== 0 || (found.mode & 0o022) !== 0) continue;
    await chmod(folder, 0o755);
    if ((await asUser({ user, script: 'cd "$1" && test -r .', argument: folder })) === 0) return folder;
  }
  throw new LaunchError(
    `Postgres runs as the user “${user.name}”, which can reach neither the data folder nor any of ${REACHABLE_FOLDERS.join(', ')}.\n` +
      `Set SLUICE_HOME to a folder that it can reach, or DATABASE_URL to a Postgres server.`,
  );
}

async function canRun({ binaries, user }: { binaries: string; user: PostgresUser }): Promise<boolean> {
  const script =
    'test -r "$1/share/postgresql/postgres.bki" && test -r "$1/lib/postgresql/dict_snowball.so" && "$1/bin/postgres" --version && "$1/bin/initdb" --version';
  return (await asUser({ user, script, argument: binaries })) === 0;
}

async function canWrite({ folder, user }: { folder: string; user: PostgresUser }): Promise<boolean> {
  return (await asUser({ user, script: 'cd "$1" && test -w .', argument: folder })) === 0;
}

/** By trying as that user: modes, access lists and mount options all count. */
async function asUser({
  user,
  script,
  argument,
}: {
  user: PostgresUser;
  script: string;
  argument: string;
}): Promise<number | undefined> {
  const { code } = await runCommand({
    command: '/bin/sh',
    args: ['-c', script, 'sh', argument],
    user: { uid: user.uid, gid: user.gid },
  });
  return code;
}
