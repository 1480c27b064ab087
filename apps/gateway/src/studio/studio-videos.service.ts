import type { Clock } from '@sluice/contracts/clock';
import { type DurableGeneration, isVideo } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { createGenerationId } from '@sluice/contracts/generation-id';
import type { MediaStore } from '@sluice/contracts/media-store';
import { parseBody } from '@sluice/contracts/parse-body';
import { present } from '@sluice/contracts/present';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import type { LiveTail } from '@sluice/domain-generations/live-tail';
import type { Settings } from '@sluice/domain-settings/settings';
import type { VideoSlots } from '@sluice/domain-studio/video-slots';
import type { FastifyRequest } from 'fastify';
import type { DurableAnswer, DurableCall, DurablePipeline } from '../generations/durable-pipeline.service.js';
import { callContextOf } from '../http/call-context.js';
import { type ClaimRules, claimOf } from '../idempotency/idempotency-claim.js';
import { studioUserOf } from './register-studio.js';
import { createStudioVideoSchema, studioPageSchema, type StudioVideoWish } from './studio-bodies.js';
import { fromStudioId, STATUSES_OF } from './studio-view.js';

export type StudioVideo = DurableGeneration<'video'>;

export interface StudioVideosOptions {
  pipeline: Pick<DurablePipeline, 'submit'>;
  generations: DurableGenerations;
  slots: VideoSlots;
  store: MediaStore;
  settings: Pick<Settings, 'get'>;
  claimRules(): ClaimRules;
  clock: Clock;
}

const ASPECT_RATIOS = { portrait: '9:16', landscape: '16:9' } as const;
/** What is held back where nobody says how long it will be. */
const USUAL_SECONDS = 15;
const MOST_JOBS = 1_000;

/** What users of the studio do with videos. Another's is as unknown as none. */
export class StudioVideos {
  constructor(private readonly options: StudioVideosOptions) {}

  async create(request: FastifyRequest): Promise<{ video: StudioVideo; isReplayed: boolean }> {
    const wish = parseBody(createStudioVideoSchema, request.body);
    const { generation, isReplayed } = await this.submit(this.toCall(wish, request), request);
    return { video: asVideo(generation), isReplayed };
  }

  async find(id: string, request: FastifyRequest): Promise<StudioVideo> {
    const generationId = fromStudioId(id);
    const generation = generationId && (await this.options.generations.find(generationId, ownerOf(request)));
    if (generation && isVideo(generation)) return generation;
    throw missing(id);
  }

  /** What waits or is in the making, the newest first. */
  async listJobs(request: FastifyRequest): Promise<StudioVideo[]> {
    const { generations } = await this.options.generations.page({
      ownerKeyId: ownerOf(request),
      kinds: ['video'],
      statuses: ['queued', 'running'],
      page: 1,
      limit: MOST_JOBS,
    });
    return generations.filter((generation) => isVideo(generation));
  }

  async list(query: unknown, request: FastifyRequest) {
    const { page, limit, status } = parseBody(studioPageSchema, query);
    const { generations, total } = await this.options.generations.page({
      ownerKeyId: ownerOf(request),
      kinds: ['video'],
      statuses: STATUSES_OF[status],
      page,
      limit,
    });
    const videos = generations.filter((generation) => isVideo(generation));
    return { videos, pagination: { page, limit, total, totalPages: Math.ceil(total / limit) } };
  }

  /** A bell that rings whenever something happened to it. */
  follow({ id, lastSequence }: StudioVideo): Promise<LiveTail> {
    return this.options.generations.tail(id, lastSequence);
  }

  /** Idempotent: what has ended stays as it is. */
  async cancel(id: string, request: FastifyRequest): Promise<StudioVideo> {
    const generationId = fromStudioId(id);
    const generation = generationId && (await this.options.generations.cancel(generationId, ownerOf(request)));
    if (generation && isVideo(generation)) return generation;
    throw missing(id);
  }

  async remove(id: string, request: FastifyRequest): Promise<void> {
    const { generations, store } = this.options;
    const outcome = await generations.remove({
      id: fromStudioId(id) ?? id,
      ownerKeyId: ownerOf(request),
      deleteFiles: async ({ files }) => {
        for (const { media } of files) await store.delete(media.key);
      },
    });
    if (outcome === 'missing') throw missing(id);
    if (outcome === 'running')
      throw new GatewayError('not_ready', 'This video is still being made: cancel its job first, or wait.', {
        param: 'id',
      });
  }

  private async submit(call: DurableCall, request: FastifyRequest): Promise<DurableAnswer> {
    try {
      return await this.options.pipeline.submit(call, callContextOf(request));
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== 'model_not_found') throw error;
      // The user named no model: there is nothing that another body could mend.
      const text = `The model '${call.input.request.model}' that this studio makes videos with is not set up here.`;
      throw new GatewayError('no_credential', text, { cause: error });
    }
  }

  private toCall(wish: StudioVideoWish, request: FastifyRequest): DurableCall {
    const { settings, slots, claimRules, clock } = this.options;
    const { prompt, orientation } = wish;
    const durationSeconds = settings.get('STUDIO_SECONDS') ?? undefined;
    const model = settings.get('STUDIO_MODEL').replaceAll('<orientation>', orientation);
    const id = createGenerationId(clock.now());
    const user = studioUserOf(request);
    const limits = {
      simultaneous: user.limits.simultaneousVideos ?? settings.get('STUDIO_SIMULTANEOUS_VIDEOS'),
      daily: user.limits.dailyVideos ?? settings.get('STUDIO_DAILY_VIDEOS'),
    };
    const slot = { generationId: id, userId: user.id, limits };
    const shape = { aspectRatio: ASPECT_RATIOS[orientation], ...present({ durationSeconds }) };
    return {
      id,
      dialect: 'studio',
      input: { kind: 'video', request: { model, prompt, ...shape } },
      reservation: { unit: 'second', amount: durationSeconds ?? USUAL_SECONDS },
      // The operator said both: the length is the more particular word.
      nameRule: 'call-wins',
      idempotency: claimOf(request, wish, claimRules()),
      alongside: (transaction) => slots.take(transaction, slot),
    };
  }
}

function ownerOf(request: FastifyRequest): string {
  return callContextOf(request).keyId;
}

function asVideo(generation: DurableGeneration): StudioVideo {
  if (isVideo(generation)) return generation;
  throw new GatewayError('internal', 'A video became something else.');
}

function missing(id: string): GatewayError {
  return new GatewayError('not_found', `There is no '${id.slice(0, 64)}' of yours.`, { param: 'id' });
}
