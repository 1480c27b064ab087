/** A file in our media store. */
export interface StoredMedia {
  key: string;
  mediaType: string;
  bytes: number;
  filename?: string;
}
