import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** One migration as it stands in the repository. */
export interface MigrationFile {
  /** Name of its folder: `<timestamp>_<title>`; the order of the names is the order of the migrations. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the SQL in hex, as Prisma keeps it. */
  readonly checksum: string;
}

/** `prisma/` at the root of the repository; the same from `src` and from `dist`. */
export const prismaFolder = fileURLToPath(new URL('../../../../prisma', import.meta.url));

export const readPrismaSchema = (): Promise<string> => readFile(`${prismaFolder}/schema.prisma`, 'utf8');

export const readMigrationLock = (): Promise<string> =>
  readFile(`${prismaFolder}/migrations/migration_lock.toml`, 'utf8');

export async function readMigrationFiles(folder = `${prismaFolder}/migrations`): Promise<MigrationFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(`${folder}/${name}/migration.sql`, 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}
