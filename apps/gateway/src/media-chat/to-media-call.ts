import type { DurableGeneration } from '@sluice/contracts/durable-generation';
import type { ImageRequest } from '@sluice/contracts/image';
import type { TakenMedia } from '@sluice/domain-assets/media-intake';
import type { CharacterWish } from '../characters/character-wish.js';
import { toCharacterCall } from '../characters/to-character-call.js';
import type { DurableCall } from '../generations/durable-pipeline.service.js';
import type { NamedPicture } from '../media/take-pictures.js';
import type { FoundSource } from '../videos/find-source.js';
import { toVideoCall } from '../videos/to-video-call.js';
import type { ImageWish } from './read-image-wish.js';
import type { VideoWish } from './read-video-wish.js';

/** What a conversation asks to be made, before anything that it names was fetched or found. */
export type MediaWish =
  | ({ kind: 'video' } & VideoWish)
  | ({ kind: 'image' } & ImageWish)
  | { kind: 'character'; character: CharacterWish; prompt: string };

export interface MediaCall {
  call: Omit<DurableCall, 'dialect'>;
  /** What tells it from another: there a picture is what it shows, not where it lies. */
  fingerprinted: object;
}

/** What is to be fetched: pictures, or a character's film. */
export function picturesOf(wish: MediaWish): readonly NamedPicture[] {
  if (wish.kind !== 'character') return wish.kind === 'video' ? wish.decoded.pictures : wish.pictures;
  const { from } = wish.character;
  return from.type === 'media' ? [from.film] : [];
}

/** The call to be committed. `pictures` are those that were wished for, in their order. */
export function toMediaCall(
  wish: MediaWish,
  found: {
    source: FoundSource | undefined;
    /** What the caller owns under the id that a character names. */
    before: DurableGeneration | undefined;
    pictures: readonly TakenMedia[];
  },
): MediaCall {
  const { source, before, pictures } = found;
  if (wish.kind === 'character') return toCharacterCall(wish.character, { video: before, film: pictures[0] });
  if (wish.kind === 'video') return toVideoCall({ decoded: wish.decoded, source, pictures });
  const request: ImageRequest = {
    ...wish.request,
    ...(pictures.length > 0 && { pictures: pictures.map(({ media }) => media) }),
  };
  return {
    call: { input: { kind: 'image', request }, reservation: { unit: 'image', amount: request.count ?? 1 } },
    fingerprinted: { ...wish.request, digests: pictures.map(({ sha256 }) => sha256) },
  };
}
