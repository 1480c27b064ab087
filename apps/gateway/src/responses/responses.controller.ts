import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { JsonObject } from '@sluice/contracts/json';
import { parseBody } from '@sluice/contracts/parse-body';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { toGenerationId } from '@sluice/wire-openai-responses/item-id';
import { AnswerService } from '../generations/answer.service.js';
import { headerText } from '../generations/generation-headers.js';
import { callContextOf } from '../http/call-context.js';
import { isInBackground } from './is-in-background.js';
import { ResponsesService } from './responses.service.js';

const retrieveQuerySchema = z.object({
  stream: z.enum(['true', 'false']).optional(),
  starting_after: z.coerce.number().int().min(0).optional(),
});

/** OpenAI's Responses; `/api/v1` are aliases. */
@Controller(['v1/responses', 'api/v1/responses'])
export class ResponsesController {
  constructor(
    private readonly answers: AnswerService,
    private readonly responses: ResponsesService,
  ) {}

  @Post()
  @HttpCode(200)
  create(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (isInBackground(request.body)) return this.createInBackground(request, reply);
    return this.answers.answer(this.responses.endpoint, request, reply);
  }

  /** Answered at once: it is made whether its client stays or leaves. */
  private async createInBackground(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const { response, isStreamed, isReplayed, ignored } = await this.responses.background.create(request);
    void reply.headers({
      'x-sluice-generation': toGenerationId(response.id),
      ...(isReplayed && { 'idempotent-replayed': 'true' }),
      ...(ignored.length > 0 && { 'x-sluice-ignored-fields': headerText(ignored.join(', ')) }),
    });
    if (isStreamed) return this.responses.follow(response, { reply });
    await reply.send(await this.responses.show(response));
  }

  @Post('input_tokens')
  @HttpCode(200)
  countInputTokens(@Req() request: FastifyRequest): Promise<JsonObject> {
    return this.responses.countInputTokens(request.body, callContextOf(request).keyId);
  }

  @Get(':id')
  async retrieve(
    @Param('id') id: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { stream, starting_after: startingAfter } = parseBody(retrieveQuerySchema, query);
    const { keyId } = callContextOf(request);
    if (stream === 'true') return this.responses.replay({ id, keyId, startingAfter, reply });
    await reply.header('cache-control', 'no-store').send(await this.responses.get(id, keyId));
  }

  @Delete(':id')
  delete(@Param('id') id: string, @Req() request: FastifyRequest): Promise<JsonObject> {
    return this.responses.delete(id, callContextOf(request).keyId);
  }

  @Post(':id/cancel')
  @HttpCode(200)
  cancel(@Param('id') id: string, @Req() request: FastifyRequest): Promise<JsonObject> {
    return this.responses.cancel(id, callContextOf(request).keyId);
  }

  @Get(':id/input_items')
  listInputItems(
    @Param('id') id: string,
    @Query() query: unknown,
    @Req() request: FastifyRequest,
  ): Promise<JsonObject> {
    return this.responses.listInputItems(id, { keyId: callContextOf(request).keyId, query });
  }
}
