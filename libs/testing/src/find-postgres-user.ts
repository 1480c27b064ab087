import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface UserIds {
  readonly uid: number;
  readonly gid: number;
}

const run = promisify(execFile);

/** Postgres refuses to run as root: then it runs as the user `postgres`, who is made when missing. Undefined when we are not root. */
export async function findPostgresUser(): Promise<UserIds | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  return readIds().catch(async () => {
    await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']);
    return readIds();
  });
}

async function readIds(): Promise<UserIds> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, 'postgres'])));
  return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
}
