import { LaunchError } from './launch-error.js';
import { runCommand } from './run-command.js';

export interface PostgresUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** Ways to make a user without a home and a log-in: of most distributions, and of BusyBox. */
const MAKE_USER = [
  ['useradd', '--system', '--user-group', '--no-create-home', '--shell', '/bin/false', 'postgres'],
  ['adduser', '-S', '-D', '-H', '-s', '/bin/false', 'postgres'],
] as const;

/** Postgres refuses to run as root. Undefined when we are not root: then it runs as ourselves. */
export async function findPostgresUser(): Promise<PostgresUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const present = await lookUp('postgres');
  if (present !== undefined) return present;
  for (const [command, ...args] of MAKE_USER) {
    await runCommand({ command, args });
    const made = await lookUp('postgres');
    if (made !== undefined) return made;
  }
  const nobody = await lookUp('nobody');
  if (nobody !== undefined) return nobody;
  throw new LaunchError(
    'Postgres does not run as root, and no user “postgres” could be made.\nMake one, start as another user, or set DATABASE_URL.',
  );
}

async function lookUp(name: string): Promise<PostgresUser | undefined> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => runCommand({ command: 'id', args: [flag, name] })));
  if (uid?.code !== 0 || gid?.code !== 0) return undefined;
  return { name, uid: Number(uid.output), gid: Number(gid.output) };
}
