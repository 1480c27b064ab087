import type { Clock } from '@sluice/contracts/clock';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { Queryable } from '@sluice/platform-postgres/queryable';
import { findKeptKeys, forgetClientFiles, listExpiredClientFiles } from './file-statements.js';

export interface FileSweepOptions {
  postgres: Queryable;
  media: MediaStore;
  clock: Pick<Clock, 'now'>;
}

const BATCH = 500;
/** A row follows its file within the call that sends it. */
const UNCLAIMED_MS = 24 * 60 * 60_000;
const FOLDER = 'files/';

/** Drops files that have expired, and what calls that broke off left without a row. One process at a time. */
export async function sweepFiles(options: FileSweepOptions): Promise<number> {
  return (await dropExpired(options)) + (await dropUnclaimed(options));
}

async function dropExpired({ postgres, media, clock }: FileSweepOptions): Promise<number> {
  const now = new Date(clock.now());
  let dropped = 0;
  for (;;) {
    const rows = await listExpiredClientFiles.all(postgres, now, BATCH);
    const keys = rows.map(({ media_key: key }) => key);
    for (const key of keys) await media.delete(key);
    if (keys.length > 0) dropped += await forgetClientFiles.run(postgres, keys);
    if (keys.length < BATCH) return dropped;
  }
}

async function dropUnclaimed(options: FileSweepOptions): Promise<number> {
  const beforeMs = options.clock.now() - UNCLAIMED_MS;
  let dropped = 0;
  let keys: string[] = [];
  for await (const { key, createdAtMs } of options.media.list(FOLDER)) {
    if (createdAtMs < beforeMs) keys.push(key);
    if (keys.length < BATCH) continue;
    dropped += await deleteUnclaimed(keys, options);
    keys = [];
  }
  return dropped + (await deleteUnclaimed(keys, options));
}

async function deleteUnclaimed(keys: readonly string[], { postgres, media }: FileSweepOptions): Promise<number> {
  if (keys.length === 0) return 0;
  const kept = new Set((await findKeptKeys.all(postgres, keys)).map(({ media_key: key }) => key));
  const unclaimed = keys.filter((key) => !kept.has(key));
  for (const key of unclaimed) await media.delete(key);
  return unclaimed.length;
}
