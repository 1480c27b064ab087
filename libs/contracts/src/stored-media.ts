/** A file in our media store. */
export interface StoredMedia {
  key: string;
  mediaType: string;
  bytes: number;
  filename?: string;
}

/** A finished file of a generation, in our media store. */
export interface ResultFile {
  role: 'result' | 'thumbnail';
  media: StoredMedia;
  sha256: string;
}
