import type { JsonObject } from './json.js';
import type { StoredMedia } from './stored-media.js';

/** Pictures to be made, in the words of no vendor. Absent means "not asked", never a default. */
export interface ImageRequest {
  /** As the client wrote it; routing turns it into a target's model. */
  model: string;
  prompt: string;
  /** How many; 1 when absent. Fewer can come, and then that is told. */
  count?: number;
  size?: { width: number; height: number };
  /** `16:9` and the like, where the client named no size. */
  aspectRatio?: string;
  /** The vendor's word: `1K`, `2k` … */
  resolution?: string;
  /** The vendor's word: `low`, `hd` … */
  quality?: string;
  style?: string;
  background?: 'transparent' | 'opaque' | 'auto';
  format?: 'png' | 'jpeg' | 'webp';
  /** 0–100, of a format that loses. */
  compression?: number;
  moderation?: string;
  /** Previews wanted on the way, at most. */
  partials?: number;
  /** Pictures that this one is made from: an edit. Uploads and URLs were copied to our store when the call was admitted. */
  pictures?: StoredMedia[];
  /** Where the first picture may change: what is transparent here. */
  mask?: StoredMedia;
  /** How closely the given pictures are kept. */
  inputFidelity?: 'low' | 'high';
  /** Opaque labels of the caller's. */
  metadata?: Record<string, string>;
  /** The caller's name for its end user. */
  endUser?: string;
  /** Fields that only one upstream understands, by that upstream's name. */
  providerOptions?: Record<string, JsonObject>;
}
