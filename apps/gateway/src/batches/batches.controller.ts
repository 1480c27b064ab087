import { Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { encodeBatch, encodeBatchList } from '@sluice/wire-openai-files/encode-batch';
import type { FastifyRequest } from 'fastify';
import { BatchesService } from './batches.service.js';

/** OpenAI's batches; `/api/v1` are their aliases. */
@Controller(['v1/batches', 'api/v1/batches'])
export class BatchesController {
  constructor(private readonly batches: BatchesService) {}

  @Post()
  @HttpCode(200)
  async create(@Req() request: FastifyRequest) {
    return encodeBatch(await this.batches.create(request));
  }

  /** The caller's own, the newest first: `limit`, `after`. */
  @Get()
  async list(@Query() query: unknown, @Req() request: FastifyRequest) {
    const { batches, hasMore } = await this.batches.list(query, request);
    return encodeBatchList(batches, { hasMore });
  }

  @Get(':id')
  async get(@Param('id') id: string, @Req() request: FastifyRequest) {
    return encodeBatch(await this.batches.find(id, request));
  }

  @Post(':id/cancel')
  @HttpCode(200)
  async cancel(@Param('id') id: string, @Req() request: FastifyRequest) {
    return encodeBatch(await this.batches.cancel(id, request));
  }
}
