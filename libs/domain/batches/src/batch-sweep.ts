import type { Clock } from '@sluice/contracts/clock';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { BATCH_FOLDER, batchOfKey } from './batch-folder.js';
import { findOpenBatches, purgeBatches } from './batch-statements.js';

export interface BatchSweepOptions {
  postgres: Queryable;
  media: MediaStore;
  clock: Pick<Clock, 'now'>;
  /** Batches that ended are shown so long; the files that they left have ends of their own. */
  retentionMs: number;
}

const KEYS_AT_ONCE = 500;

/** Forgets old batches, and drops what those that have ended left in their folders. One process at a time. */
export async function sweepBatches({ postgres, media, clock, retentionMs }: BatchSweepOptions): Promise<number> {
  const purged = await purgeBatches.run(postgres, new Date(clock.now() - retentionMs));
  let keys: string[] = [];
  for await (const { key } of media.list(BATCH_FOLDER)) {
    keys.push(key);
    if (keys.length < KEYS_AT_ONCE) continue;
    await dropEnded(keys, { postgres, media });
    keys = [];
  }
  await dropEnded(keys, { postgres, media });
  return purged;
}

async function dropEnded(keys: readonly string[], { postgres, media }: Pick<BatchSweepOptions, 'postgres' | 'media'>) {
  if (keys.length === 0) return;
  const open = await findOpenBatches.all(postgres, [...new Set(keys.map(batchOfKey))]);
  const openIds = new Set(open.map(({ id }) => id));
  for (const key of keys) if (!openIds.has(batchOfKey(key))) await media.delete(key);
}
