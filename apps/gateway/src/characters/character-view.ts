import type { DurableGeneration } from '@sluice/contracts/durable-generation';
import type { JsonObject } from '@sluice/contracts/json';
import { present } from '@sluice/contracts/present';
import { toCharacterId } from '@sluice/wire-openai-videos/character-id';
import { toVideoId } from '@sluice/wire-openai-videos/video-id';

export type Character = DurableGeneration<'character'>;

const STATUSES = {
  queued: 'processing',
  running: 'processing',
  succeeded: 'ready',
  failed: 'failed',
  cancelled: 'failed',
} as const satisfies Record<Character['status'], string>;

/** A character as gateways of Sora tell of one; `pictureUrl` is a link to its picture here. */
export function toCharacterView(character: Character, pictureUrl: string | undefined): JsonObject {
  const { status, error } = character;
  const told = profileOf(character);
  return {
    id: toCharacterId(character.id),
    object: 'character',
    status: STATUSES[status],
    ...told,
    profile_url: pictureUrl ?? null,
    created_at: seconds(character.createdAtMs),
    error:
      error && (status === 'failed' || status === 'cancelled')
        ? { code: error.code, message: error.message, ...present({ param: error.param }) }
        : null,
  };
}

/** What one of the old gateways told of a character in a conversation, as one line. */
export function toCharacterCard(character: Character, pictureUrl: string | undefined): JsonObject {
  const { request } = character.input;
  const { from } = request;
  const source = from.type === 'draft' ? from.id : from.generationId && toVideoId(from.generationId);
  const { public: isPublic, ...told } = profileOf(character);
  return {
    event: 'character_card',
    card: {
      ...told,
      id: toCharacterId(character.id),
      profile_asset_url: pictureUrl ?? null,
      public: isPublic ?? false,
      source_model: character.model,
      ...(source && { source_generation_id: source }),
      created_at: seconds(character.createdAtMs),
    },
  };
}

/** A character as OpenAI tells of one. */
export function toOfficialCharacter(character: Character): JsonObject {
  const { displayName } = character.input.request;
  const told = character.facts['displayName'];
  const name = displayName ?? (typeof told === 'string' ? told : null);
  return { id: toCharacterId(character.id), name, created_at: seconds(character.createdAtMs) };
}

/** What it became, else what was asked for. */
function profileOf({ facts, input: { request } }: Character): JsonObject {
  return {
    username: facts['username'] ?? request.username ?? null,
    display_name: facts['displayName'] ?? request.displayName ?? null,
    character_id: facts['characterId'] ?? null,
    cameo_id: facts['cameoId'] ?? null,
    instruction_set: facts['instructions'] ?? request.instructions ?? null,
    public: facts['public'] ?? request.isPublic ?? null,
  };
}

function seconds(atMs: number): number {
  return Math.floor(atMs / 1_000);
}
