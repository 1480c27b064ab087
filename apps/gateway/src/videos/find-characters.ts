import type { VideoCharacter } from '@sluice/contracts/character';
import { type DurableGeneration, isCharacter } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { Target } from '@sluice/contracts/route';
import type { CharacterWish } from '@sluice/wire-openai-videos/decode-characters';
import type { FoundSource } from './find-source.js';

export interface FoundCharacters {
  characters: VideoCharacter[];
  /** Only the account that holds them can let them appear. */
  pinned: FoundSource['pinned'];
}

/** Those who are to appear, by what the caller owns under their ids; undefined where nobody is named. */
export function findCharacters(
  wishes: readonly CharacterWish[],
  found: readonly (DurableGeneration | undefined)[],
  /** What can serve the video where nobody appears, and the account that has to, where that is known. */
  video: { targets: () => readonly Target[]; credentialId: string | undefined },
): FoundCharacters | undefined {
  const all = wishes.map((wish, index) => finished(wish, found[index]));
  const [first, ...others] = all;
  if (!first) return undefined;
  const stranger = others.findIndex(({ credentialId }) => credentialId !== first.credentialId) + 1;
  if (stranger > 0) throw refusal(wishes[stranger]?.field ?? '', 'it lies in another account than the first one');
  if (video.credentialId !== undefined && video.credentialId !== first.credentialId)
    throw refusal(wishes[0]?.field ?? '', 'it lies in another account than the video that this starts from');
  const { credentialId, upstream, kind } = first;
  const target = video
    .targets()
    .find((one) => one.upstream === upstream && (one.kind === undefined || one.kind === kind));
  if (!target) throw refusal(wishes[0]?.field ?? '', 'the account that holds it does not serve this model');
  const characters = all.map(({ generationId, operation }) => ({ generationId, operation }));
  return { characters, pinned: { credentialId, target } };
}

function finished({ field, generationId }: CharacterWish, generation: DurableGeneration | undefined) {
  if (!generation || !isCharacter(generation))
    throw new GatewayError('not_found', `Invalid '${field}': there is no such character.`, { param: field });
  const { status, operation, credentialId, upstream, facts } = generation;
  if (status === 'queued' || status === 'running')
    throw new GatewayError('not_ready', `Invalid '${field}': that character is not finished.`, { param: field });
  if (status !== 'succeeded' || !operation || !credentialId || !upstream)
    throw refusal(field, 'that character could not be made');
  return { generationId, operation, credentialId, upstream, kind: facts['kind'] };
}

function refusal(param: string, why: string): GatewayError {
  return new GatewayError('invalid_request', `Invalid '${param}': ${why}.`, { param, reason: 'invalid_value' });
}
