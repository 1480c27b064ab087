import type { VideoCharacter } from './character.js';
import type { JsonObject } from './json.js';
import type { Operation } from './operation.js';
import type { StoredMedia } from './stored-media.js';

/** A video to be made, in the words of no vendor. Absent means "not asked", never a default. */
export interface VideoRequest {
  /** As the client wrote it; routing turns it into a target's model. */
  model: string;
  prompt: string;
  /** What cannot be made this long is refused, never made shorter or longer in silence. */
  durationSeconds?: number;
  size?: { width: number; height: number };
  /** `16:9` and the like, where the client named no size. */
  aspectRatio?: string;
  /** The vendor's word: `720p`, `hd` … */
  resolution?: string;
  references?: VideoReference[];
  source?: VideoSource;
  characters?: VideoCharacter[];
  /** Opaque labels of the caller's. */
  metadata?: Record<string, string>;
  /** The caller's name for its end user. */
  endUser?: string;
  /** Fields that only one upstream understands, by that upstream's name. */
  providerOptions?: Record<string, JsonObject>;
}

/** A picture or film that the video is made from. Uploads and URLs were copied to our store when the call was admitted. */
export interface VideoReference {
  role: 'first-frame' | 'last-frame' | 'reference';
  media: StoredMedia;
  /** Of a picture that is there to be looked at. */
  note?: ReferenceNote;
}

export const REFERENCE_TYPES = ['character', 'setting', 'style', 'other'] as const;

/** What a client says that a picture shows. Few upstreams can be told: to the others it would be lost. */
export interface ReferenceNote {
  name?: string;
  type?: (typeof REFERENCE_TYPES)[number];
  description?: string;
}

/** The finished video that this one starts from. Its upstream account does the work. */
export interface VideoSource {
  relation: 'remix' | 'edit' | 'extension';
  generationId: string;
  /** The upstream's handle of that video, filled in when the call is admitted. */
  operation?: Operation;
  media?: StoredMedia;
}
