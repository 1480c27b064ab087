import { z } from 'zod';
import type { Operation } from './operation.js';
import type { StoredMedia } from './stored-media.js';

/** Somebody who is to appear in videos, in the words of no vendor. Absent means "not asked", never a default. */
export interface CharacterRequest {
  /** As the client wrote it; routing turns it into a target's model. */
  model: string;
  from: CharacterSource;
  /** Which part of the film shows him, in seconds. */
  timestamps?: readonly [from: number, to: number];
  /** What he is called in a prompt, after an `@`. */
  username?: string;
  displayName?: string;
  /** How he is and behaves. */
  instructions?: string;
  /** What he must not be made to do. */
  safetyInstructions?: string;
  /** Whether others may let him appear. */
  isPublic?: boolean;
}

/** The film that shows him. */
export type CharacterSource =
  /** One of our files: `generationId` names the video that it is the file of, else it was sent with the call. */
  | { type: 'film'; media: StoredMedia; generationId?: string }
  /** What lies with a website, by its own name for it. */
  | { type: 'draft'; id: string };

/** One of ours who appears in a video. The account that holds him makes it. */
export interface VideoCharacter {
  generationId: string;
  /** The upstream's handle of him. */
  operation: Operation;
}

/** Somebody who can be mentioned, as an upstream tells of him. */
export const foundCharacterSchema = z.object({
  /** The upstream's own. */
  id: z.string(),
  username: z.string(),
  displayName: z.string().optional(),
  pictureUrl: z.string().optional(),
});
export type FoundCharacter = z.infer<typeof foundCharacterSchema>;
