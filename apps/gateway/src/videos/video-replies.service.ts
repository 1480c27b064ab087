import { isVideo } from '@sluice/contracts/durable-generation';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import { parseBody } from '@sluice/contracts/parse-body';
import type { DurableGenerations } from '@sluice/domain-generations/durable-generations';
import { encodeVideo, encodeVideoList } from '@sluice/wire-openai-videos/encode-response';
import { encodeXaiVideo } from '@sluice/wire-openai-videos/encode-xai';
import { fromVideoId, toVideoId } from '@sluice/wire-openai-videos/video-id';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { headerText } from '../generations/generation-headers.js';
import { callContextOf, headerOf } from '../http/call-context.js';
import type { MediaLinks } from '../media/media-links.js';
import { sendMedia } from '../media/send-media.js';
import { contentOf, gone } from './video-content.js';
import type { AdmittedVideo, Video } from './videos.service.js';

const listQuerySchema = z.object({
  limit: z.coerce.number().int().min(0).max(100).default(20),
  after: z.string().min(1).optional(),
  order: z.enum(['asc', 'desc']).default('desc'),
});

/** Humans read the first, the SDKs' pollers the second. */
const PENDING_HEADERS = { 'retry-after': '5', 'openai-poll-after-ms': '2000' };
const CONTENT_SECONDS = 3_600;

/** How videos are told to their owners. */
export class VideoReplies {
  constructor(private readonly options: { generations: DurableGenerations; store: MediaStore; links: MediaLinks }) {}

  tellAdmitted(reply: FastifyReply, { video, isReplayed, ignored }: AdmittedVideo): void {
    void reply.headers({
      location: `/v1/videos/${toVideoId(video.id)}`,
      'x-sluice-generation': video.id,
      ...PENDING_HEADERS,
      ...(isReplayed && { 'idempotent-replayed': 'true' }),
      ...(ignored.length > 0 && { 'x-sluice-ignored-fields': headerText(ignored.join(', ')) }),
    });
  }

  /** In the spelling of the id that was asked for; undefined where the client has it as it is. */
  tell(call: { id: string; video: Video; request: FastifyRequest; reply: FastifyReply }): object | undefined {
    const { id, video, request, reply } = call;
    const isPending = video.status === 'queued' || video.status === 'running';
    if (isPending) void reply.headers(PENDING_HEADERS);
    if (!fromVideoId(id)?.isRequestId) return this.tellVideo(call);
    // Its link is another each time.
    void reply.header('cache-control', 'no-store');
    const result = video.files.find(({ role }) => role === 'result');
    return encodeXaiVideo(video, result && this.options.links.link(result.media, request, video.expiresAtMs));
  }

  /** A version stands for all that a client can see. */
  private tellVideo({ video, request, reply }: { video: Video; request: FastifyRequest; reply: FastifyReply }) {
    const etag = `"${video.version}"`;
    void reply.header('cache-control', 'private, no-cache').header('etag', etag);
    if (!knowsVersion(headerOf(request, 'if-none-match'), etag)) return encodeVideo(video);
    void reply.status(304);
    return undefined;
  }

  async list(query: unknown, request: FastifyRequest): Promise<object> {
    const { limit, after, order } = parseBody(listQuerySchema, query);
    const from = after === undefined ? undefined : fromVideoId(after);
    if (after !== undefined && !from) throw unknownCursor(after);
    const generations = await this.options.generations.list({
      ownerKeyId: callContextOf(request).keyId,
      kinds: ['video'],
      order: order === 'desc' ? 'newest' : 'oldest',
      limit,
      ...(from && { after: from.generationId }),
    });
    if (!generations) throw unknownCursor(after ?? '');
    const videos = generations.filter((generation) => isVideo(generation));
    return encodeVideoList(videos.slice(0, limit), { hasMore: videos.length > limit });
  }

  async sendContent(call: {
    video: Video;
    variant: string;
    request: FastifyRequest;
    reply: FastifyReply;
  }): Promise<void> {
    const { video, variant, request, reply } = call;
    const { media } = contentOf(video, variant);
    const answer = { store: this.options.store, name: toVideoId(video.id), maximumAgeSeconds: CONTENT_SECONDS };
    if (!(await sendMedia({ request, reply, key: media.key }, answer))) throw gone();
  }
}

function knowsVersion(known: string | undefined, etag: string): boolean {
  return known?.split(/\s*,\s*/).some((tag) => tag.replace(/^W\//, '') === etag) ?? false;
}

function unknownCursor(after: string): GatewayError {
  return new GatewayError('invalid_request', `after: '${after.slice(0, 64)}' is no video's id.`, { param: 'after' });
}
