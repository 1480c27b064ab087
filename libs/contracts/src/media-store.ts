/** A stored object, as told without reading it. */
export interface MediaInfo {
  key: string;
  bytes: number;
  mediaType: string;
  sha256: string;
  createdAtMs: number;
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
  get(
    key: string,
    range?: { start: number; end: number },
  ): Promise<{ info: MediaInfo; body: AsyncIterable<Uint8Array> } | undefined>;
  head(key: string): Promise<MediaInfo | undefined>;
  /** True when something was there. */
  delete(key: string): Promise<boolean>;
  list(prefix: string): AsyncIterable<MediaInfo>;
}
