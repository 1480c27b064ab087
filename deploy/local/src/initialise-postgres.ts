import { chown, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LaunchError } from './launch-error.js';
import type { PostgresPlace } from './postgres-place.js';
import type { PostgresUser } from './postgres-user.js';
import { runCommand } from './run-command.js';

export const DATABASE_NAME = 'sluice';

interface InitialiseOptions {
  place: PostgresPlace;
  user: PostgresUser | undefined;
  password: string;
  environment: Readonly<Record<string, string>>;
}

/** Makes the cluster and its database once. A start that was interrupted leaves nothing that looks finished. */
export async function initialisePostgres(options: InitialiseOptions): Promise<void> {
  const data = join(options.place.folder, 'data');
  const version = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) {
    await makeCluster(options);
    return;
  }
  await requireVersion({ version: version.trim(), options });
}

async function makeCluster(options: InitialiseOptions): Promise<void> {
  const { place, user, password } = options;
  const fresh = join(place.folder, 'data.new');
  const passwordFile = join(place.folder, 'password.new');
  await rm(fresh, { recursive: true, force: true });
  await writeFile(passwordFile, password, { mode: 0o600 });
  try {
    if (user !== undefined) await chown(passwordFile, user.uid, user.gid);
    await run(options, 'initdb', [
      `--pgdata=${fresh}`,
      `--username=${DATABASE_NAME}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-instructions',
      '--no-sync',
    ]);
    // A server without a network, for one statement; it writes everything down as it ends.
    await run(options, 'postgres', ['--single', '-D', fresh, 'postgres'], `CREATE DATABASE ${DATABASE_NAME}\n`);
    await run(options, 'initdb', ['--sync-only', `--pgdata=${fresh}`]);
    await rename(fresh, join(place.folder, 'data'));
  } finally {
    await rm(passwordFile, { force: true });
  }
}

async function run(options: InitialiseOptions, program: string, args: string[], input = ''): Promise<string> {
  const { place, user, environment } = options;
  const command = join(place.binaries, 'bin', program);
  const result = await runCommand({
    command,
    args,
    environment,
    user: user && { uid: user.uid, gid: user.gid },
    input,
  });
  if (result.code === 0) return result.output;
  const isFull = /No space left on device/.test(result.output);
  throw new LaunchError(
    `${isFull ? 'The disk is full. ' : ''}The embedded Postgres could not be prepared (${program}):\n${result.output.trim()}\n` +
      'Mend this, or set DATABASE_URL to a Postgres server.',
  );
}

async function requireVersion({ version, options }: { version: string; options: InitialiseOptions }): Promise<void> {
  const output = await run(options, 'postgres', ['--version']);
  const own = /(\d+)(?:\.|beta|rc)/.exec(output)?.[1];
  if (own === version) return;
  throw new LaunchError(
    `The database in ${options.place.folder} is of Postgres ${version}; this release brings Postgres ${own ?? output.trim()}.\n` +
      'Carry it over with pg_dump and pg_restore, or choose another SLUICE_HOME.',
  );
}
