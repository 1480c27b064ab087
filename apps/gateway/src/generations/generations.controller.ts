import { Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { generationStatusSchema } from '@sluice/contracts/generation';
import type { GenerationView } from '@sluice/contracts/generation-view';
import { parseBody } from '@sluice/contracts/parse-body';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callContextOf } from '../http/call-context.js';
import { MediaLinks } from '../media/media-links.js';
import { etagOf, GenerationViews, retryAfterSeconds } from './generation-views.js';
import { readSequence } from './read-sequence.js';
import { replyEvents } from './reply-events.js';

const listQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().min(1).optional(),
  status: generationStatusSchema.optional(),
});

/** One view of every generation, for whoever made it. */
@Controller(['v1/generations', 'api/v1/generations'])
export class GenerationsController {
  constructor(
    private readonly views: GenerationViews,
    private readonly links: MediaLinks,
  ) {}

  /** The caller's own, the newest first: `limit`, `after`, `status`. */
  @Get()
  async list(@Query() query: unknown, @Req() request: FastifyRequest) {
    const page = parseBody(listQuerySchema, query);
    const found = await this.views.list({
      ownerKeyId: callContextOf(request).keyId,
      limit: page.limit,
      ...(page.after && { after: page.after }),
      ...(page.status && { status: page.status }),
    });
    if (!found)
      throw new GatewayError('invalid_request', `after: '${page.after}' is no generation's id.`, { param: 'after' });
    const data = found.slice(0, page.limit);
    return {
      object: 'list',
      data,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
      has_more: found.length > page.limit,
    };
  }

  /** Cheap to ask again: an `ETag` for `If-None-Match`, and `Retry-After` while it has not ended. */
  @Get(':id')
  async get(
    @Param('id') id: string,
    @Headers('if-none-match') known: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<GenerationView | undefined> {
    const view = await this.views.find(id, callContextOf(request).keyId, (media, untilMs) =>
      this.links.link(media, request, untilMs),
    );
    // A link is another each time.
    if (view.files?.some(({ url }) => url !== undefined)) {
      reply.header('cache-control', 'no-store');
      return view;
    }
    const etag = etagOf(view);
    const waitSeconds = retryAfterSeconds(view);
    reply.header('etag', etag).header('cache-control', 'private, no-cache');
    if (waitSeconds !== undefined) reply.header('retry-after', waitSeconds);
    if (!known?.split(/\s*,\s*/).some((tag) => tag.replace(/^W\//, '') === etag)) return view;
    reply.status(304);
    return undefined;
  }

  /** Every event from after `Last-Event-ID` (or `?after=`) to the end, live or long finished. */
  @Get(':id/events')
  async events(
    @Param('id') id: string,
    @Query('after') after: string | undefined,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const afterSequence = readSequence(lastEventId ?? after);
    const followed = await this.views.follow(id, callContextOf(request).keyId, afterSequence);
    await replyEvents({ reply, ...followed, linkTo: (media) => this.links.link(media, request) });
  }

  /** Idempotent: what has ended stays as it is; what runs at an upstream is ended shortly after. */
  @Post(':id/cancel')
  @HttpCode(200)
  cancel(@Param('id') id: string, @Req() request: FastifyRequest): Promise<GenerationView> {
    return this.views.cancel(id, callContextOf(request).keyId);
  }
}
