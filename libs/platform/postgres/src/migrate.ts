import { Client } from 'pg';
import { withAdvisoryLock } from './advisory-lock.js';
import { compareMigrations, readAppliedMigrations } from './applied-migrations.js';
import type { MigrationState } from './applied-migrations.js';
import { MigrationError, refuseBrokenHistory } from './migration-error.js';
import { prismaFolder, readMigrationFiles, readMigrationLock, readPrismaSchema } from './migration-files.js';
import type { MigrationFile } from './migration-files.js';

export interface MigrateOptions {
  readonly url: string;
  /** Name of a migration that failed before and is to be tried again. */
  readonly retry?: string;
  /** Folder of the migrations; the repository's own when absent. */
  readonly migrationsFolder?: string;
}

export interface MigrateResult {
  /** Names of the migrations that this call applied; empty when there was nothing to do. */
  readonly applied: string[];
}

/** How long another process's migrations are waited for. */
const LOCK_WAIT_MS = 10 * 60_000;

/**
 * Brings the database up to date. Any number of processes may call it at the same time: one does the work, the others
 * wait for it. When nothing is pending it costs two queries and never loads the schema engine.
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const files = await readMigrationFiles(options.migrationsFolder);
  const client = new Client({
    connectionString: options.url,
    application_name: 'sluice-migrate',
    connectionTimeoutMillis: 10_000,
    lock_timeout: LOCK_WAIT_MS,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    if (isUpToDate(compareMigrations(files, await readAppliedMigrations(client)))) return { applied: [] };
    return await withAdvisoryLock(client, 'sluice:migrate', () => migrateLocked(client, files, options));
  } finally {
    await client.end();
  }
}

const isUpToDate = (state: MigrationState): boolean =>
  Object.values(state).every((list: readonly unknown[]) => list.length === 0);

async function migrateLocked(
  client: Client,
  files: readonly MigrationFile[],
  options: MigrateOptions,
): Promise<MigrateResult> {
  const { withSchemaEngine } = await import('./schema-engine.js');
  const state = compareMigrations(files, await readAppliedMigrations(client));
  const failed = state.failed.filter((row) => row.name !== options.retry);
  refuseBrokenHistory({ ...state, failed });
  if (state.pending.length === 0) return { applied: [] };
  const schema = await readPrismaSchema();
  const lockfile = await readMigrationLock();
  return withSchemaEngine({ url: options.url, schema }, async (engine) => {
    // We hold the lock, so an unfinished migration is a dead process's. Its script was one transaction and left nothing.
    const abandoned = [...state.unfinished, ...state.failed].map((row) => row.name);
    for (const migrationName of new Set(abandoned)) await engine.markMigrationRolledBack({ migrationName });
    const migrationsList = toMigrationList({
      files,
      lockfile,
      folder: options.migrationsFolder ?? `${prismaFolder}/migrations`,
    });
    const filters = { externalTables: [], externalEnums: [] };
    try {
      const output = await engine.applyMigrations({ migrationsList, filters });
      return { applied: output.appliedMigrationNames };
    } catch (error) {
      throw new MigrationError(error instanceof Error ? error.message : String(error), { cause: error });
    }
  });
}

function toMigrationList(source: { files: readonly MigrationFile[]; lockfile: string; folder: string }) {
  return {
    baseDir: source.folder,
    lockfile: { path: 'migration_lock.toml', content: source.lockfile },
    shadowDbInitScript: '',
    migrationDirectories: source.files.map((file) => ({
      path: file.name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: file.sql } },
    })),
  };
}
