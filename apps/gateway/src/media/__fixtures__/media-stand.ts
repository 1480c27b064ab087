import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaStore } from '@sluice/contracts/media-store';
import { createFileSystemMediaStore } from '@sluice/platform-media/file-system-media-store';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { createTestDatabase } from '@sluice/testing/create-test-database';

/** A real database and a real media store, for routes that keep files. */
export interface MediaStand {
  postgres: Postgres;
  store: MediaStore;
  /** The folder of the store. */
  root: string;
  /** As it was at the beginning. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

export async function openMediaStand(tables: string): Promise<MediaStand> {
  const root = await mkdtemp(join(tmpdir(), 'sluice-media-stand-'));
  const database = await createTestDatabase();
  const postgres = createPostgres({ url: database.url, applicationName: 'test' });
  return {
    postgres,
    store: createFileSystemMediaStore({ root }),
    root,
    async empty() {
      await postgres.query({ text: `TRUNCATE ${tables}` });
      await rm(root, { recursive: true, force: true });
    },
    async close() {
      await postgres.close();
      await database.drop();
      await rm(root, { recursive: true, force: true });
    },
  };
}
