import { isCharacter, isFinal } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { FoundCharacter } from '@sluice/contracts/character';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { MediaIntake } from '@sluice/domain-assets/media-intake';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import { schemaError } from '@sluice/wire-errors/schema-error';
import { fromCharacterId } from '@sluice/wire-openai-videos/character-id';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { OwnedFiles } from '../files/owned-files.js';
import type { DurablePipeline } from '../generations/durable-pipeline.service.js';
import { callContextOf } from '../http/call-context.js';
import { type ClaimRules, claimOf } from '../idempotency/idempotency-claim.js';
import { readMediaBody } from '../media/read-media-body.js';
import { takePictures, whileConnected } from '../media/take-pictures.js';
import type { CharacterAccounts } from './character-accounts.js';
import { FILM_FIELDS, STRUCTURED_FIELDS } from './character-body.js';
import type { Character } from './character-view.js';
import type { CharacterWish } from './character-wish.js';
import { toCharacterCall } from './to-character-call.js';

export interface CharactersServiceOptions {
  pipeline: Pick<DurablePipeline, 'submit'>;
  generations: Pick<DurableGenerations, 'find' | 'cancel' | 'remove' | 'noteFacts' | 'isNeeded' | 'hiddenFrom'>;
  intake: MediaIntake;
  files: Pick<OwnedFiles, 'isName' | 'open'>;
  store: Pick<MediaStore, 'delete'>;
  accounts: CharacterAccounts;
  claimRules(): ClaimRules;
}

export interface AdmittedCharacter {
  character: Character;
  isReplayed: boolean;
}

/** How a dialect reads the body of a POST that makes a character. */
export interface CharacterDialect<Body> {
  schema: z.ZodType<Body>;
  read(body: Body): CharacterWish;
}

const FIELDS = { pictures: new Set<string>(), films: FILM_FIELDS, structured: STRUCTURED_FIELDS };

/** What is done with characters. Another's is as unknown as none. */
export class CharactersService {
  constructor(private readonly options: CharactersServiceOptions) {}

  /** Everything that can be wrong with a call is found before it is committed, and leaves nothing behind. */
  async create<Body>(request: FastifyRequest, dialect: CharacterDialect<Body>): Promise<AdmittedCharacter> {
    const { intake, pipeline } = this.options;
    const { body, uploads } = await readMediaBody(request, { intake, ...FIELDS });
    const files = [...uploads];
    try {
      const parsed = dialect.schema.safeParse(body);
      if (!parsed.success) throw schemaError(parsed.error, body);
      const call = await this.prepare(request, { wish: dialect.read(parsed.data), files });
      const { generation, isReplayed } = await pipeline.submit(call, callContextOf(request));
      if (isReplayed) await intake.discard(files);
      if (!isCharacter(generation)) throw new GatewayError('internal', 'A character became something else.');
      return { character: generation, isReplayed };
    } catch (error) {
      if (!isUnclear(error)) await intake.discard(files);
      throw error;
    }
  }

  async find(id: string, request: FastifyRequest): Promise<Character> {
    const generationId = fromCharacterId(id);
    const { keyId } = callContextOf(request);
    const generation = generationId && (await this.options.generations.find(generationId, keyId));
    if (generation && isCharacter(generation)) return generation;
    throw missing(id);
  }

  /** What is still being made is ended; what was made is taken out of its account first, so that it is never lost there. */
  async remove(id: string, request: FastifyRequest): Promise<void> {
    const { generations, store, accounts } = this.options;
    const { keyId: ownerKeyId } = callContextOf(request);
    const character = await this.find(id, request);
    if (!isFinal(character.state)) return void (await generations.cancel(character.id, ownerKeyId));
    if (await generations.isNeeded(character)) throw stillNeeded();
    if (character.state === 'succeeded') await accounts.remove(character);
    await generations.remove({
      id: character.id,
      ownerKeyId,
      deleteFiles: async () => {
        for (const { key } of ownFiles(character)) await store.delete(key);
      },
    });
  }

  async share(id: string, request: FastifyRequest, isPublic: boolean): Promise<Character> {
    const character = await this.find(id, request);
    if (character.state !== 'succeeded')
      throw new GatewayError('not_ready', 'Only a finished character can be shown or hidden.', { param: 'id' });
    await this.options.accounts.share(character, isPublic);
    const changed = { ...character, facts: { ...character.facts, public: isPublic } };
    await this.options.generations.noteFacts(changed);
    return changed;
  }

  /** The account that is asked shows its own hidden ones too, which may be another caller's. */
  async search(username: string, request: FastifyRequest): Promise<readonly FoundCharacter[]> {
    const { accounts, generations } = this.options;
    const found = await accounts.search(username.replace(/^@/, ''));
    const ids = found.map(({ id }) => id);
    const hidden = await generations.hiddenFrom(callContextOf(request).keyId, ids);
    return found.filter(({ id }) => !hidden.has(id));
  }

  /** `files` grows by what is copied on the way. */
  private async prepare(request: FastifyRequest, { wish, files }: { wish: CharacterWish; files: StoredMedia[] }) {
    const { intake, files: owned, generations, claimRules } = this.options;
    const { keyId: ownerKeyId } = callContextOf(request);
    const { from } = wish;
    const video = from.type === 'video' ? await generations.find(from.generationId, ownerKeyId) : undefined;
    const named = from.type === 'media' ? [from.film] : [];
    const taken = await whileConnected(request, (signal) =>
      takePictures(named, { intake, files: owned, ownerKeyId, signal }),
    );
    files.push(...taken.copies);
    const { call, fingerprinted } = toCharacterCall(wish, { video, film: taken.pictures[0] });
    return { ...call, dialect: 'openai-videos' as const, idempotency: claimOf(request, fingerprinted, claimRules()) };
  }
}

/** Its picture, and the film that was sent for it. What it was found in is another's. */
function ownFiles({ files, input: { request } }: Character): StoredMedia[] {
  const { from } = request;
  const film = from.type === 'film' && from.generationId === undefined ? [from.media] : [];
  return [...files.map(({ media }) => media), ...film];
}

/** A failure of ours or of a store: the row may have been written all the same, and its files be needed. */
function isUnclear(error: unknown): boolean {
  return !(error instanceof GatewayError) || error.code === 'internal' || error.code === 'unavailable';
}

function stillNeeded(): GatewayError {
  const text = 'A video is being made in which this character appears. Cancel it, or wait for its end.';
  return new GatewayError('not_ready', text, { param: 'id' });
}

function missing(id: string): GatewayError {
  return new GatewayError('not_found', `No character with the id '${id.slice(0, 64)}'.`, { param: 'id' });
}
