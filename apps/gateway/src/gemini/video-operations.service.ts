import { type DurableGeneration, isVideo } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import type { MediaIntake } from '@sluice/domain-assets/media-intake';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import { decodeVideoRequest } from '@sluice/wire-gemini-generate/decode-video-request';
import { encodeVideoOperation } from '@sluice/wire-gemini-generate/encode-video-operation';
import { fileDigits, generationIn } from '@sluice/wire-gemini-generate/file-names';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OwnedFiles } from '../files/owned-files.js';
import type { DurablePipeline } from '../generations/durable-pipeline.service.js';
import { callContextOf } from '../http/call-context.js';
import { type ClaimRules, claimOf } from '../idempotency/idempotency-claim.js';
import type { MediaLinks } from '../media/media-links.js';
import { takePictures, whileConnected } from '../media/take-pictures.js';
import { findSource } from '../videos/find-source.js';
import { toVideoCall } from './to-video-call.js';

export interface VideoOperationsOptions {
  pipeline: DurablePipeline;
  generations: DurableGenerations;
  intake: MediaIntake;
  files: Pick<OwnedFiles, 'isName' | 'open'>;
  links: Pick<MediaLinks, 'originOf'>;
  claimRules(): ClaimRules;
}

/** Videos as Google's clients make them: by an operation that is asked after. Another's is as unknown as none. */
export class VideoOperations {
  constructor(private readonly options: VideoOperationsOptions) {}

  /** `POST /v1beta/models/{model}:predictLongRunning` */
  async start(model: string, request: FastifyRequest, reply: FastifyReply): Promise<object> {
    const copies: StoredMedia[] = [];
    const { intake, pipeline } = this.options;
    try {
      const call = await this.prepare(model, request, copies);
      const { generation, isReplayed } = await pipeline.submit(call, callContextOf(request));
      if (isReplayed) await intake.discard(copies);
      void reply.headers({
        'x-sluice-generation': generation.id,
        ...(isReplayed && { 'idempotent-replayed': 'true' }),
      });
      return this.tell(generation, request);
    } catch (error) {
      if (!isUnclear(error)) await intake.discard(copies);
      throw error;
    }
  }

  /** `GET /v1beta/models/{model}/operations/{id}`; the model in it is not looked at. */
  async find(name: string, request: FastifyRequest): Promise<object> {
    const id = generationIn(name);
    const generation = id && (await this.options.generations.find(id, callContextOf(request).keyId));
    return this.tell(generation || undefined, request, name);
  }

  /** Idempotent: what has ended stays as it is. Answers nothing, as Google does. */
  async cancel(name: string, request: FastifyRequest): Promise<object> {
    const id = generationIn(name);
    const generation = id && (await this.options.generations.cancel(id, callContextOf(request).keyId));
    if (!generation || !isVideo(generation)) throw missing(name);
    return {};
  }

  private tell(generation: DurableGeneration | undefined, request: FastifyRequest, name = ''): object {
    if (!generation || !isVideo(generation)) throw missing(name);
    const origin = this.options.links.originOf(request);
    const uri = `${origin}/v1beta/files/${fileDigits(generation.id)}:download?alt=media`;
    return encodeVideoOperation(generation, { requestId: request.id, uri });
  }

  /** `copies` grows by what is copied on the way. */
  private async prepare(model: string, request: FastifyRequest, copies: StoredMedia[]) {
    const { intake, files, generations, claimRules } = this.options;
    const decoded = decodeVideoRequest(request.body, { model });
    const { keyId } = callContextOf(request);
    const source =
      decoded.source && findSource(decoded.source, await generations.find(decoded.source.generationId, keyId));
    const taken = await whileConnected(request, (signal) =>
      takePictures(decoded.pictures, { intake, files, ownerKeyId: keyId, signal }),
    );
    copies.push(...taken.copies);
    const { call, fingerprinted } = toVideoCall({ decoded, source, pictures: taken.pictures });
    return { ...call, idempotency: claimOf(request, fingerprinted, claimRules()) };
  }
}

/** A failure of ours or of a store: the row may have been written all the same, and its files be needed. */
function isUnclear(error: unknown): boolean {
  return !(error instanceof GatewayError) || error.code === 'internal' || error.code === 'unavailable';
}

function missing(name: string): GatewayError {
  return new GatewayError('not_found', `Operation ${name.slice(0, 128)} was not found.`, { param: 'name' });
}
