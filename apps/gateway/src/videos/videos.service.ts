import { type DurableGeneration, isVideo } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import { present } from '@sluice/contracts/present';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { MediaIntake } from '@sluice/domain-assets/media-intake';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import type { RouteResolver } from '@sluice/domain-routing/route-resolver';
import { PICTURE_FIELDS } from '@sluice/wire-openai-videos/decode-pictures';
import { type DecodedRequest, decodeRequest, type VideoOperation } from '@sluice/wire-openai-videos/decode-request';
import { isCarried } from '@sluice/wire-openai-videos/provider-options';
import { STRUCTURED_FIELDS } from '@sluice/wire-openai-videos/schema';
import { fromVideoId } from '@sluice/wire-openai-videos/video-id';
import type { FastifyRequest } from 'fastify';
import type { OwnedFiles } from '../files/owned-files.js';
import type { DurableCall, DurablePipeline } from '../generations/durable-pipeline.service.js';
import { callContextOf } from '../http/call-context.js';
import { type ClaimRules, claimOf } from '../idempotency/idempotency-claim.js';
import { readMediaBody } from '../media/read-media-body.js';
import { takePictures, whileConnected } from '../media/take-pictures.js';
import { isSoraWish } from '../sora-clients/able-targets.js';
import { findCharacters } from './find-characters.js';
import { findSource, type FoundSource } from './find-source.js';
import { DEFAULT_MODEL, toVideoCall } from './to-video-call.js';
import type { RemovalTold, UpstreamRemoval } from './upstream-removal.js';

export type Video = DurableGeneration<'video'>;

export interface VideosServiceOptions {
  pipeline: DurablePipeline;
  generations: DurableGenerations;
  intake: MediaIntake;
  files: Pick<OwnedFiles, 'isName' | 'open'>;
  store: MediaStore;
  resolver: RouteResolver;
  removal: Pick<UpstreamRemoval, 'remove'>;
  claimRules(): ClaimRules;
}

const FIELDS = { pictures: PICTURE_FIELDS, structured: STRUCTURED_FIELDS };

export interface AdmittedVideo {
  video: Video;
  isReplayed: boolean;
  /** Fields that nobody who may make it will read. */
  ignored: readonly string[];
}

export interface RemovedVideo {
  id: string;
  /** What became of the copy that its upstream's account has; absent where it has none. */
  upstream?: RemovalTold;
}

/** What the videos dialect does. Another's video is as unknown as none. */
export class VideosService {
  constructor(private readonly options: VideosServiceOptions) {}

  /** Everything that can be wrong with a call is found before it is committed, and leaves nothing behind. */
  async create(request: FastifyRequest, operation: VideoOperation = {}): Promise<AdmittedVideo> {
    const { intake } = this.options;
    const { body, uploads } = await readMediaBody(request, { intake, ...FIELDS });
    const files = [...uploads];
    try {
      const { call, ignored } = await this.prepare(request, { body, operation, files });
      const { generation, isReplayed } = await this.options.pipeline.submit(call, callContextOf(request));
      if (isReplayed) await intake.discard(files);
      if (!isVideo(generation)) throw new GatewayError('internal', 'A video became something else.');
      return { video: generation, isReplayed, ignored };
    } catch (error) {
      if (!isUnclear(error)) await intake.discard(files);
      throw error;
    }
  }

  async find(id: string, request: FastifyRequest): Promise<Video> {
    const found = fromVideoId(id);
    const { keyId } = callContextOf(request);
    const generation = found && (await this.options.generations.find(found.generationId, keyId));
    if (generation && isVideo(generation)) return generation;
    throw missing(id);
  }

  /** Files first: while one is left, the row still says where. */
  async remove(id: string, request: FastifyRequest): Promise<RemovedVideo> {
    const { generations, store, removal } = this.options;
    const video = await this.find(id, request);
    const { id: generationId } = video;
    const outcome = await generations.remove({
      id: generationId,
      ownerKeyId: callContextOf(request).keyId,
      deleteFiles: async (generation) => {
        for (const { key } of ownFiles(generation)) await store.delete(key);
      },
    });
    if (outcome === 'removed') return { id: generationId, ...present({ upstream: await removal.remove(video) }) };
    if (outcome === 'missing') throw missing(id);
    const text = 'This video is still being made. Cancel it, or wait for its end, before it is deleted.';
    throw new GatewayError('not_ready', text, { param: 'id' });
  }

  /** `files` grows by what is copied on the way. */
  private async prepare(
    request: FastifyRequest,
    { body, operation, files }: { body: unknown; operation: VideoOperation; files: StoredMedia[] },
  ) {
    const decoded = decodeRequest(body, operation);
    const { keyId } = callContextOf(request);
    const source =
      decoded.source &&
      findSource(decoded.source, await this.options.generations.find(decoded.source.generationId, keyId));
    const appearing = await this.findAppearing(decoded, { source, ownerKeyId: keyId });
    const { intake, files: owned } = this.options;
    const taken = await whileConnected(request, (signal) =>
      takePictures(decoded.pictures, { intake, files: owned, ownerKeyId: keyId, signal }),
    );
    files.push(...taken.copies);
    const { call, fingerprinted } = toVideoCall({ decoded, source, appearing, pictures: taken.pictures });
    return {
      call: { ...call, idempotency: claimOf(request, fingerprinted, this.options.claimRules()) },
      ignored: this.unread(call, decoded.ignored),
    };
  }

  private async findAppearing(
    { characters = [], request }: DecodedRequest,
    { source, ownerKeyId }: { source: FoundSource | undefined; ownerKeyId: string },
  ) {
    const { generations, resolver } = this.options;
    const found = await Promise.all(characters.map(({ generationId }) => generations.find(generationId, ownerKeyId)));
    const targets = () => (source ? [source.pinned.target] : resolver.resolve(request.model ?? DEFAULT_MODEL, 'video'));
    return findCharacters(characters, found, { targets, credentialId: source?.pinned.credentialId });
  }

  /** Fields of one dialect's own are kept for the upstreams that know them: these are not read by all who may make it. */
  private unread({ input, pinned }: DurableCall, fields: readonly string[]): readonly string[] {
    if (input.kind !== 'video' || fields.length === 0) return fields;
    const { model, providerOptions } = input.request;
    const targets = pinned ? [pinned.target] : this.options.resolver.resolve(model, 'video');
    const isRead = (field: string) =>
      isSoraWish(field) || targets.every(({ upstream }) => isCarried(field, upstream, providerOptions));
    return fields.filter((field) => !isRead(field));
  }
}

/** A failure of ours or of a store: the row may have been written all the same, and its files be needed. */
function isUnclear(error: unknown): boolean {
  return !(error instanceof GatewayError) || error.code === 'internal' || error.code === 'unavailable';
}

/** Its results, and the pictures that were sent for it. What it started from is another's. */
function ownFiles(generation: DurableGeneration): StoredMedia[] {
  const references = isVideo(generation) ? (generation.input.request.references ?? []) : [];
  return [...generation.files, ...references].map(({ media }) => media);
}

function missing(id: string): GatewayError {
  return new GatewayError('not_found', `No video with the id '${id.slice(0, 64)}'.`, { param: 'id' });
}
