import { Controller, Get, Headers, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { generationStatusSchema } from '@sluice/contracts/generation';
import type { GenerationView } from '@sluice/contracts/generation-view';
import { parseBody } from '@sluice/contracts/parse-body';
import { GenerationReader, toGenerationView } from '@sluice/domain-generations/generation-reader';
import type { GenerationRow } from '@sluice/domain-generations/generation-row';
import { LiveReader } from '@sluice/domain-generations/live-reader';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { callContextOf } from '../http/call-context.js';
import { GenerationPipeline } from './generation-pipeline.service.js';
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
    private readonly generations: GenerationReader,
    private readonly reader: LiveReader,
    private readonly pipeline: GenerationPipeline,
  ) {}

  /** The caller's own, the newest first: `limit`, `after`, `status`. */
  @Get()
  async list(@Query() query: unknown, @Req() request: FastifyRequest) {
    const page = parseBody(listQuerySchema, query);
    const { keyId } = callContextOf(request);
    const rows = await this.generations.listOwned({
      ownerKeyId: keyId,
      limit: page.limit,
      ...(page.after && { after: page.after }),
      ...(page.status && { status: page.status }),
    });
    if (!rows)
      throw new GatewayError('invalid_request', `after: '${page.after}' is no generation's id.`, { param: 'after' });
    const data = rows.slice(0, page.limit).map(toGenerationView);
    return {
      object: 'list',
      data,
      first_id: data[0]?.id ?? null,
      last_id: data.at(-1)?.id ?? null,
      has_more: rows.length > page.limit,
    };
  }

  @Get(':id')
  async get(@Param('id') id: string, @Req() request: FastifyRequest): Promise<GenerationView> {
    return toGenerationView(await this.owned(id, request));
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
    await this.owned(id, request);
    await replyEvents({ reply, tail: await this.reader.open(id, afterSequence) });
  }

  /** Idempotent: what has ended stays as it is. */
  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@Param('id') id: string, @Req() request: FastifyRequest): Promise<GenerationView> {
    const row = await this.owned(id, request);
    if (!row.finished_at) await this.pipeline.cancelById(id);
    return toGenerationView(await this.owned(id, request));
  }

  private async owned(id: string, request: FastifyRequest): Promise<GenerationRow> {
    const row = await this.generations.findOwned(id, callContextOf(request).keyId);
    if (!row) throw new GatewayError('not_found', `No generation with the id '${id}'.`, { param: 'id' });
    return row;
  }
}

function readSequence(text: string | undefined): number {
  if (text === undefined || text === '') return 0;
  const sequence = Number(text);
  if (Number.isInteger(sequence) && sequence >= 0) return sequence;
  throw new GatewayError('invalid_request', 'Last-Event-ID must be the number of an event.', {
    param: 'Last-Event-ID',
  });
}
