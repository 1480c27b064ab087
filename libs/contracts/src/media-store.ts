import type { Writable } from 'node:stream';

/** A stored object, as told without reading it. */
export interface MediaInfo {
  key: string;
  bytes: number;
  mediaType: string;
  sha256: string;
  createdAtMs: number;
}

/** A stored object, to be read once: either way. */
export interface StoredObject {
  info: MediaInfo;
  readonly body: AsyncIterable<Uint8Array>;
  /** Writes it to a socket, in constant memory and without ending it; where a store has a faster way than `body`. */
  pour?(to: Writable): Promise<void>;
}

/** Where files lie: a folder, or any S3-compatible store. Keys are ours, never a caller's text. */
export interface MediaStore {
  put(input: {
    key: string;
    mediaType: string;
    body: AsyncIterable<Uint8Array>;
    maximumBytes: number;
  }): Promise<MediaInfo>;
  /** Undefined for a key that is not there. `range` is inclusive, as in HTTP. */
  get(key: string, range?: { start: number; end: number }): Promise<StoredObject | undefined>;
  head(key: string): Promise<MediaInfo | undefined>;
  /** True when something was there. */
  delete(key: string): Promise<boolean>;
  list(prefix: string): AsyncIterable<MediaInfo>;
  /** Removes what interrupted writes left before then, where a store has such. */
  tidy?(beforeMs: number): Promise<void>;
}
