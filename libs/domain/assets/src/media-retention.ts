import type { Clock } from '@sluice/contracts/clock';
import type { MediaInfo, MediaStore } from '@sluice/contracts/media-store';

export interface MediaRetentionOptions {
  store: MediaStore;
  clock: Clock;
  /** How long what clients sent is kept; results end by their rows. */
  retentionMs: number;
  /** What all files together may take. */
  maximumBytes: number;
  /** Told which generations have lost files, after they were deleted. */
  forget(generationIds: readonly string[]): Promise<unknown>;
  /** Told the keys of what clients keep with us, after they were dropped for their size. */
  forgetKept?(keys: readonly string[]): Promise<unknown>;
}

const HOUR_MS = 60 * 60_000;
/** What a running generation may still need is never dropped for its size. */
const SAFE_MS = { results: HOUR_MS, sent: 24 * HOUR_MS };
/** Bodies too large for a queue job; their calls end within minutes, and take them away themselves. */
const LEFT_INPUT_MS = 24 * HOUR_MS;
/** These end by rows of their own. */
const KEPT = 'files/';
const GENERATION_ID = /gen_[0-9a-f]{32}/;

/** Keeps the media store within its bounds: what was sent by age, everything by its size together, the oldest first. */
export class MediaRetention {
  constructor(private readonly options: MediaRetentionOptions) {}

  /** Answers how many files were dropped. One process at a time. */
  async sweep(): Promise<number> {
    const { store, clock, maximumBytes } = this.options;
    await store.tidy?.(clock.now() - HOUR_MS);
    const { bytes, dropped } = await this.dropOutdated();
    if (bytes <= maximumBytes) return dropped;
    return dropped + (await this.dropOldest(bytes - maximumBytes));
  }

  private async dropOutdated(): Promise<{ bytes: number; dropped: number }> {
    let bytes = 0;
    let dropped = 0;
    for await (const info of this.options.store.list('')) {
      if (!this.isOutdated(info)) bytes += info.bytes;
      else if (await this.options.store.delete(info.key)) dropped += 1;
    }
    return { bytes, dropped };
  }

  private isOutdated({ key, createdAtMs }: MediaInfo): boolean {
    const ageMs = this.options.clock.now() - createdAtMs;
    if (key.startsWith('uploads/')) return ageMs > this.options.retentionMs;
    return key.startsWith('inputs/') && ageMs > LEFT_INPUT_MS;
  }

  private async dropOldest(excessBytes: number): Promise<number> {
    const candidates: MediaInfo[] = [];
    for await (const info of this.options.store.list('')) if (this.isDroppable(info)) candidates.push(info);
    candidates.sort((one, other) => one.createdAtMs - other.createdAtMs || (one.key < other.key ? -1 : 1));
    const generationIds = new Set<string>();
    const keptKeys: string[] = [];
    let left = excessBytes;
    let dropped = 0;
    for (const { key, bytes } of candidates) {
      const id = GENERATION_ID.exec(key)?.[0];
      // A film goes with its thumbnail.
      if (left <= 0 && !(id !== undefined && generationIds.has(id))) continue;
      if (!(await this.options.store.delete(key))) continue;
      if (id !== undefined) generationIds.add(id);
      if (key.startsWith(KEPT)) keptKeys.push(key);
      left -= bytes;
      dropped += 1;
    }
    if (generationIds.size > 0) await this.options.forget([...generationIds]);
    if (keptKeys.length > 0) await this.options.forgetKept?.(keptKeys);
    return dropped;
  }

  private isDroppable({ key, createdAtMs }: MediaInfo): boolean {
    // What batches that run still need; they drop it themselves.
    if (key.startsWith('batches/')) return false;
    const isSent = ['uploads/', 'inputs/', KEPT].some((folder) => key.startsWith(folder));
    return this.options.clock.now() - createdAtMs > (isSent ? SAFE_MS.sent : SAFE_MS.results);
  }
}
