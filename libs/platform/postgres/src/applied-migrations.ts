import type { Client } from 'pg';
import type { MigrationFile } from './migration-files.js';

/** A row of `_prisma_migrations`, the table that Prisma's schema engine keeps. */
export interface AppliedMigration {
  readonly name: string;
  readonly checksum: string;
  readonly startedAt: Date;
  /** Null while it runs, and for ever when it failed or its process died. */
  readonly finishedAt: Date | null;
  /** What Postgres said when it failed. */
  readonly logs: string | null;
}

/** The migrations that this database has seen and that are not marked as rolled back; none when it is new. */
export async function readAppliedMigrations(client: Client): Promise<AppliedMigration[]> {
  const { rows: tables } = await client.query<{ exists: boolean }>(
    `SELECT to_regclass('public._prisma_migrations') IS NOT NULL AS exists`,
  );
  if (!tables[0]?.exists) return [];
  const { rows } = await client.query<AppliedMigration>(
    `SELECT migration_name AS name, checksum, started_at AS "startedAt", finished_at AS "finishedAt", logs
     FROM public._prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  );
  return rows;
}

/** What stands between the database and the files; empty when every file is applied as it stands. */
export interface MigrationState {
  /** Not applied yet. */
  readonly pending: MigrationFile[];
  /** Applied, and changed in the repository since. */
  readonly edited: MigrationFile[];
  /** Ended with an error. */
  readonly failed: AppliedMigration[];
  /** Begun and never ended: its process died, or it runs right now. */
  readonly unfinished: AppliedMigration[];
}

/** Migrations that only the database knows are left alone: a newer release made them, and an older replica may still start. */
export function compareMigrations(
  files: readonly MigrationFile[],
  applied: readonly AppliedMigration[],
): MigrationState {
  const finished = new Map(applied.filter((row) => row.finishedAt !== null).map((row) => [row.name, row]));
  const open = applied.filter((row) => row.finishedAt === null && !finished.has(row.name));
  return {
    pending: files.filter((file) => !finished.has(file.name)),
    edited: files.filter((file) => finished.has(file.name) && finished.get(file.name)?.checksum !== file.checksum),
    failed: open.filter((row) => row.logs !== null && row.logs !== ''),
    unfinished: open.filter((row) => row.logs === null || row.logs === ''),
  };
}
