import type { MigrationState } from './applied-migrations.js';

/** The database cannot be brought up to date without a person; the message says what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** Refuses what no program should mend by itself. */
export function refuseBrokenHistory(state: MigrationState): void {
  const [edited] = state.edited;
  if (edited) {
    throw new MigrationError(
      `Migration ${edited.name} was changed after it had been applied to this database. ` +
        'Restore the file as it was and put the change into a new migration; a development database may simply be deleted.',
    );
  }
  const [failed] = state.failed;
  if (failed) {
    throw new MigrationError(
      `Migration ${failed.name} failed at ${failed.startedAt.toISOString()} and left nothing behind. ` +
        `Remove the cause, then run the migrations with: --retry ${failed.name}\n${failed.logs ?? ''}`,
    );
  }
}
