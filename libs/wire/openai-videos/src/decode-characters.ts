import type { Json } from '@sluice/contracts/json';
import { fromCharacterId } from './character-id.js';
import type { VideoBody } from './schema.js';

/** One of ours who is to appear, still to be found. */
export interface CharacterWish {
  /** Where the client names it. */
  field: string;
  generationId: string;
}

/** Those of ours, and the names of others, which are for the upstream that knows them. */
export function decodeCharacters(told: VideoBody['characters']): { ours: CharacterWish[]; others: Json[] } {
  const ours: CharacterWish[] = [];
  const others: Json[] = [];
  for (const [index, value] of (told ?? []).entries()) {
    const generationId = fromCharacterId(typeof value === 'string' ? value : value.id);
    if (generationId === undefined) others.push(value);
    else ours.push({ field: `characters[${index}]`, generationId });
  }
  return { ours, others };
}
