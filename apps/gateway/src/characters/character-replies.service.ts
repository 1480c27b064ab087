import type { FoundCharacter } from '@sluice/contracts/character';
import type { Clock } from '@sluice/contracts/clock';
import { isCharacter, isFinal } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import { parseBody } from '@sluice/contracts/parse-body';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import { fromCharacterId, toCharacterId } from '@sluice/wire-openai-videos/character-id';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callContextOf } from '../http/call-context.js';
import { followImage } from '../images/follow-image.js';
import { unfinished } from '../images/image-end.js';
import type { MediaLinks } from '../media/media-links.js';
import { type Character, toCharacterView, toOfficialCharacter } from './character-view.js';
import type { AdmittedCharacter } from './characters.service.js';

const listQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().min(1).optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
});

/** How characters are told to their owners. */
export class CharacterReplies {
  constructor(
    private readonly options: {
      generations: Pick<DurableGenerations, 'find' | 'list' | 'tail'>;
      links: Pick<MediaLinks, 'link'>;
      clock: Clock;
      /** How long a client of OpenAI's is held, who is told nothing before the end. */
      waitMs: number;
    },
  ) {}

  tellAdmitted(reply: FastifyReply, { character, isReplayed }: AdmittedCharacter): void {
    void reply.headers({
      location: `/v1/characters/${toCharacterId(character.id)}`,
      'x-sluice-generation': character.id,
      ...(isReplayed && { 'idempotent-replayed': 'true' }),
    });
  }

  tell(character: Character, request: FastifyRequest, reply: FastifyReply): JsonObject {
    // Its link is another each time.
    void reply.header('cache-control', 'no-store');
    if (!isFinal(character.state)) void reply.header('retry-after', '2');
    return toCharacterView(character, this.pictureOf(character, request));
  }

  pictureOf({ files }: Pick<Character, 'files'>, request: FastifyRequest): string | undefined {
    const [picture] = files;
    return picture && this.options.links.link(picture.media, request);
  }

  async list(query: unknown, request: FastifyRequest): Promise<JsonObject> {
    const { limit, after, order } = parseBody(listQuerySchema, query);
    const from = after === undefined ? undefined : fromCharacterId(after);
    if (after !== undefined && from === undefined) throw unknownCursor(after);
    const generations = await this.options.generations.list({
      ownerKeyId: callContextOf(request).keyId,
      kinds: ['character'],
      order: order === 'desc' ? 'newest' : 'oldest',
      limit,
      ...(from !== undefined && { after: from }),
    });
    if (!generations) throw unknownCursor(after ?? '');
    const characters = generations.filter((generation) => isCharacter(generation));
    const data = characters
      .slice(0, limit)
      .map((character) => toCharacterView(character, this.pictureOf(character, request)));
    const [first, last] = [data[0], data.at(-1)];
    const ends = { first_id: first?.['id'] ?? null, last_id: last?.['id'] ?? null };
    return { object: 'list', data, ...ends, has_more: characters.length > limit };
  }

  tellFound(found: readonly FoundCharacter[]): JsonObject {
    const data = found.map(({ id, username, displayName, pictureUrl }) => ({
      object: 'character.mention',
      character_id: id,
      username,
      display_name: displayName ?? null,
      profile_url: pictureUrl ?? null,
    }));
    return { object: 'list', data, has_more: false };
  }

  /** As OpenAI tells it: when it is made. Whoever leaves has it made all the same. */
  async tellMade({ character }: AdmittedCharacter, reply: FastifyReply): Promise<JsonObject> {
    const { generations, clock, waitMs } = this.options;
    const tail = await generations.tail(character.id, 0);
    await followImage({ tail, response: reply.raw, clock, waitMs, tell: async () => {} });
    const made = await generations.find(character.id, character.ownerKeyId);
    if (!made || !isCharacter(made) || !isFinal(made.state)) throw unfinished(character.id, 'is still being made');
    if (made.state === 'succeeded') return toOfficialCharacter(made);
    throw GatewayError.fromData(made.error ?? { code: 'upstream_error', message: 'The character could not be made.' });
  }
}

function unknownCursor(after: string): GatewayError {
  return new GatewayError('invalid_request', `after: '${after.slice(0, 64)}' is no character's id.`, {
    param: 'after',
  });
}
