import type { CharacterRequest, CharacterSource } from '@sluice/contracts/character';
import { type DurableGeneration } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { TakenMedia } from '@sluice/domain-assets/media-intake';
import type { DurableCall } from '../generations/durable-pipeline.service.js';
import { findSource } from '../videos/find-source.js';
import { CHARACTER_MODEL, type CharacterWish, type FilmWish } from './character-wish.js';

interface FoundFilm {
  from: CharacterSource;
  pinned?: DurableCall['pinned'];
  /** What tells it from every other. */
  digest: string;
}

/** The call to be committed, and what tells it from another: there a film is what it shows, not where it lies. */
export function toCharacterCall(
  { request, from }: CharacterWish,
  found: { video: DurableGeneration | undefined; film: TakenMedia | undefined },
): { call: Omit<DurableCall, 'dialect'>; fingerprinted: object } {
  const { pinned, digest, ...film } = filmOf(from, found);
  const character: CharacterRequest = { ...request, from: film.from };
  return {
    call: {
      input: { kind: 'character', request: character },
      reservation: { unit: 'character', amount: 1 },
      ...(pinned && { pinned }),
    },
    fingerprinted: { ...request, digest },
  };
}

function filmOf(
  from: FilmWish,
  { video, film }: { video: DurableGeneration | undefined; film: TakenMedia | undefined },
): FoundFilm {
  if (from.type === 'draft') return { from: { type: 'draft', id: from.id }, digest: from.id };
  if (from.type === 'video') return ofVideo(from, video);
  if (!film) throw new GatewayError('internal', 'A film was not taken.');
  return { from: { type: 'film', media: film.media }, digest: film.sha256 };
}

/** At the account that made it, where it lies there as a draft; elsewhere as a film like any other. */
function ofVideo(
  { field, generationId }: Extract<FilmWish, { type: 'video' }>,
  video: DurableGeneration | undefined,
): FoundFilm {
  const { source, pinned } = findSource({ field, relation: 'remix', generationId }, video);
  const draft = video?.facts['draft'];
  if (typeof draft === 'string') {
    const { credentialId, target } = pinned;
    const { upstream } = target;
    return {
      from: { type: 'draft', id: draft },
      pinned: { credentialId, target: { upstream, model: CHARACTER_MODEL } },
      digest: generationId,
    };
  }
  if (source.media) return { from: { type: 'film', media: source.media, generationId }, digest: generationId };
  throw new GatewayError('not_found', `Invalid '${field}': that video is not kept any more.`, {
    param: field,
    reason: 'expired',
  });
}
