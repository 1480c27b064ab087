import type { StoredMedia } from './stored-media.js';

/**
 * A file of ours that a request names and does not carry: it is too large for that. Whoever serves the request has to have it
 * at the upstream before.
 */
export interface NamedFile {
  /** By which messages and a body of the client's name it from its admission on. */
  id: string;
  media: StoredMedia;
  sha256: string;
  /** Where the client named it; absent for what an earlier turn named. */
  param?: string;
}
