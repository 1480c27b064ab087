import type { Clock } from '@sluice/contracts/clock';
import type { ChatRequest } from '@sluice/contracts/chat';
import { type DurableGeneration, isCharacter } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { isJsonObject } from '@sluice/contracts/json-object';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { MediaIntake } from '@sluice/domain-assets/media-intake';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import type { LiveTail } from '@sluice/domain-generations/live-tail';
import type { QueuePlaces } from '@sluice/domain-generations/queue-places';
import type { ModelWork } from '@sluice/domain-routing/model-work';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import type { Settings } from '@sluice/domain-settings/settings';
import { toCharacterId } from '@sluice/wire-openai-videos/character-id';
import { toVideoId } from '@sluice/wire-openai-videos/video-id';
import type { FastifyRequest } from 'fastify';
import type { OwnedFiles } from '../files/owned-files.js';
import type { AroundCall } from '../generations/around-call.js';
import type { DecodedCall } from '../generations/dialect-endpoint.js';
import type { DurablePipeline } from '../generations/durable-pipeline.service.js';
import type { Told } from '../generations/told.js';
import { callContextOf, headerOf } from '../http/call-context.js';
import { unfinished } from '../images/image-end.js';
import { type ClaimRules, claimOf } from '../idempotency/idempotency-claim.js';
import type { MediaLinks } from '../media/media-links.js';
import { takePictures, whileConnected } from '../media/take-pictures.js';
import { refuseReshaped } from '../sora-clients/refuse-reshaped.js';
import { findSource } from '../videos/find-source.js';
import { modelAskedBy } from './model-asked-by.js';
import { MediaStory, type Result } from './media-story.js';
import { mediaUsage } from './media-usage.js';
import { readCharacterChat } from './read-character-wish.js';
import { readImageWish } from './read-image-wish.js';
import { readTelling, type Telling } from './read-telling.js';
import { PRESETS_AT, readVideoWish } from './read-video-wish.js';
import { showCharacter } from './show-character.js';
import { showImages, showVideo } from './show-files.js';
import { type MediaWish, picturesOf, toMediaCall } from './to-media-call.js';
import { unreadFields } from './unread-fields.js';

export interface MediaChatOptions {
  resolver: Pick<RouteResolver, 'workOf' | 'resolve'>;
  pipeline: Pick<DurablePipeline, 'submit'>;
  generations: Pick<DurableGenerations, 'find' | 'tail'>;
  places: Pick<QueuePlaces, 'place'>;
  intake: MediaIntake;
  files: Pick<OwnedFiles, 'isName' | 'open'>;
  store: Pick<MediaStore, 'get'>;
  links: Pick<MediaLinks, 'link'>;
  settings: Pick<Settings, 'get'>;
  /** What is done to every conversation by its model's name. */
  beforehand: AroundCall;
  claimRules(): ClaimRules;
  clock: Clock;
  /** How long a client is held that hears nothing meanwhile, where it says nothing itself. */
  waitMs: number;
}

/** A conversation that became something to be made: it is committed, and may be paid. */
export interface MediaAnswer {
  call: DecodedCall;
  generationId: string;
  /** The same call that comes again finds this one. */
  isNamed: boolean;
  follow(): Promise<MediaTelling>;
}

/** How what is made is told. */
export interface MediaTelling {
  told: Told;
  /** What to say where the telling failed: most often nothing has ended with it. */
  explain(error: unknown): unknown;
  /** Nobody listens any more; what is made goes on. */
  leave(): void;
}

/** The ids by which it is asked for elsewhere. */
const NAMES = { video: toVideoId, image: (id: string) => id, character: toCharacterId } as const;

interface Asked {
  wish: MediaWish;
  telling: Telling;
  call: DecodedCall;
}

interface Followed {
  generation: DurableGeneration;
  tail: LiveTail;
  asked: Asked;
  request: FastifyRequest;
}

/** Conversations with models that make videos or pictures: durable ones, paid once whoever leaves. */
export class MediaChat {
  constructor(private readonly options: MediaChatOptions) {}

  /** Whether a call claims its idempotency key with what it makes. */
  claims(request: FastifyRequest): boolean {
    const model = modelAskedBy(request);
    return model !== undefined && this.options.resolver.workOf(model) !== 'chat';
  }

  isMedia({ input }: DecodedCall): boolean {
    return input.kind === 'chat' && this.options.resolver.workOf(input.request.model) !== 'chat';
  }

  /** Everything that can be wrong with a call is found before it is committed, and leaves nothing behind. */
  async admit(call: DecodedCall, request: FastifyRequest): Promise<MediaAnswer> {
    const { pipeline, intake, claimRules, beforehand } = this.options;
    const called = {
      context: callContextOf(request),
      body: request.body,
      header: (name: string) => headerOf(request, name),
    };
    const asked = this.read(await beforehand(call, called), request);
    const { made, fingerprinted, copies } = await this.prepare(asked.wish, request);
    try {
      const idempotency = claimOf(request, fingerprinted, claimRules());
      const admitted = await pipeline.submit({ ...made, dialect: call.dialect, idempotency }, callContextOf(request));
      if (admitted.isReplayed) await intake.discard(copies);
      const { generation, isReplayed } = admitted;
      return {
        call: told(asked, { ...asked.call.headers, ...(isReplayed && { 'idempotent-replayed': 'true' }) }),
        generationId: generation.id,
        isNamed: idempotency !== undefined,
        follow: () => this.follow({ generation, asked, request }),
      };
    } catch (error) {
      if (!isUnclear(error)) await intake.discard(copies);
      throw error;
    }
  }

  private async follow(made: Omit<Followed, 'tail'>): Promise<MediaTelling> {
    const { generation, asked, request } = made;
    const tail = await this.options.generations.tail(generation.id, 0);
    const story = this.story({ ...made, tail });
    const stopWaiting = asked.call.isStreamed ? () => {} : this.closeLate(tail, request);
    return {
      told: { generation, tail: story },
      explain: (error) => (story.isOver ? error : unfinished(generation.id, 'cannot be waited for any longer')),
      leave: () => {
        stopWaiting();
        tail.close();
      },
    };
  }

  /** Whoever hears nothing meanwhile is told before it gives up, and has it made once more. */
  private closeLate(tail: LiveTail, request: FastifyRequest): () => void {
    const isOwnWish = headerOf(request, 'x-sluice-deadline-ms') !== undefined;
    const waitMs = isOwnWish ? callContextOf(request).deadlineMs : this.options.waitMs;
    return this.options.clock.after(waitMs, () => tail.close());
  }

  private read(call: DecodedCall, request: FastifyRequest): Asked {
    const { input, isStreamed } = call;
    const { body } = request;
    if (input.kind !== 'chat' || !isJsonObject(body)) throw new GatewayError('internal', 'No conversation.');
    const kind = this.options.resolver.workOf(input.request.model);
    const wish = this.readWish(kind, input.request, body);
    const { isInline } = { isInline: undefined, ...wish };
    const header = (name: string) => headerOf(request, name);
    const telling = readTelling(
      { kind: wish.kind === 'image' ? 'image' : 'video', isStreamed, body, header, isInline },
      this.options.settings,
    );
    const ignored = [...unreadFields(body, wish.kind), ...(this.isPresetRead(wish) ? [] : ['video_config.preset'])];
    return { wish, telling, call: { ...call, ignored } };
  }

  private readWish(kind: ModelWork, request: ChatRequest, body: object): MediaWish {
    if (kind === 'image') return { kind, ...readImageWish(request, body) };
    if (kind === 'character') return { kind, ...readCharacterChat(request, body) };
    return { kind: 'video', ...readVideoWish(request, body, this.options.settings.get('SORA_NAMES_BIND')) };
  }

  private isPresetRead(wish: MediaWish): boolean {
    if (wish.kind !== 'video') return true;
    const { providerOptions = {}, model = '' } = wish.decoded.request;
    if (!Object.hasOwn(providerOptions, PRESETS_AT)) return true;
    return this.options.resolver.resolve(model, 'video').every(({ upstream }) => upstream === PRESETS_AT);
  }

  private async prepare(wish: MediaWish, request: FastifyRequest) {
    const { generations, intake, files, settings } = this.options;
    const { keyId } = callContextOf(request);
    const named = wish.kind === 'video' ? wish.decoded.source : undefined;
    const namedId = named?.generationId ?? filmNamedIn(wish);
    const before = namedId === undefined ? undefined : await generations.find(namedId, keyId);
    const source = named && findSource(named, before);
    if (before) refuseReshaped(wish, { asked: modelAskedBy(request), before, binds: settings.get('SORA_NAMES_BIND') });
    const { pictures, copies } = await whileConnected(request, (signal) =>
      takePictures(picturesOf(wish), { intake, files, ownerKeyId: keyId, signal }),
    );
    try {
      const { call: made, fingerprinted } = toMediaCall(wish, { source, before, pictures });
      return { made, fingerprinted, copies };
    } catch (error) {
      await intake.discard(copies);
      throw error;
    }
  }

  private story({ generation, tail, asked, request }: Followed): MediaStory {
    const { generations, places, clock } = this.options;
    const { kind } = asked.wish;
    const place = async () => {
      const found = await generations.find(generation.id, generation.ownerKeyId);
      return found && places.place(found);
    };
    return new MediaStory({
      kind,
      tail,
      progress: asked.telling.progress,
      begun: {
        name: NAMES[kind](generation.id),
        pictures: kind === 'character' ? 0 : picturesOf(asked.wish).length,
        isStoryboard: asked.wish.kind === 'video' && asked.wish.isStoryboard,
      },
      place,
      show: (result) => this.show(result, { generation, asked, request }),
      usage: ({ facts }, text) => mediaUsage(facts, { prompt: promptOf(asked.wish), text }),
      clock,
    });
  }

  private show(
    { files, facts }: Result,
    { generation, asked, request }: Pick<Followed, 'generation' | 'asked' | 'request'>,
  ): Promise<string | readonly string[]> {
    const { store, links } = this.options;
    const { wish, telling } = asked;
    const link = (media: StoredMedia) => links.link(media, request);
    if (isCharacter(generation)) return Promise.resolve(showCharacter({ ...generation, files, facts }, link));
    const wanted = wish.kind === 'image' ? (wish.request.count ?? 1) : 1;
    const shown = { files, wanted, link, store };
    const { format } = telling;
    return format.kind === 'video' ? Promise.resolve(showVideo(shown, format.word)) : showImages(shown, format.word);
  }
}

/** The dialect's own telling, with the end spelled as the operator wants it. */
function told({ call, telling: { stopWord } }: Asked, headers: Record<string, string>): DecodedCall {
  return {
    ...call,
    headers,
    openStream: (context) => call.openStream({ ...context, stopWord, endsAfterError: true }),
    encodeWhole: (parts, context) => call.encodeWhole(parts, { ...context, stopWord }),
  };
}

function promptOf(wish: MediaWish): string {
  if (wish.kind === 'character') return wish.prompt;
  return wish.kind === 'video' ? wish.decoded.request.prompt : wish.request.prompt;
}

/** The video of ours that a character is found in. */
function filmNamedIn(wish: MediaWish): string | undefined {
  const from = wish.kind === 'character' ? wish.character.from : undefined;
  return from?.type === 'video' ? from.generationId : undefined;
}

/** A failure of ours or of a store: the row may have been written all the same, and its files be needed. */
function isUnclear(error: unknown): boolean {
  return !(error instanceof GatewayError) || error.code === 'internal' || error.code === 'unavailable';
}
