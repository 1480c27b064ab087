import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req } from '@nestjs/common';
import { WebhookEndpoints } from '@sluice/domain-webhooks/webhook-endpoints';
import { WebhookHistory } from '@sluice/domain-webhooks/webhook-history';
import type { WebhookScope } from '@sluice/domain-webhooks/webhook-scope';
import type { FastifyRequest } from 'fastify';
import { callContextOf } from '../http/call-context.js';

/** Where a key's owner hears of what has ended. `request` as an id stands for the URLs that requests name. */
@Controller(['v1/webhooks', 'api/v1/webhooks'])
export class WebhooksController {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly history: WebhookHistory,
  ) {}

  @Post()
  create(@Body() body: unknown, @Req() request: FastifyRequest) {
    return this.endpoints.create(scopeOf(request), body);
  }

  @Get()
  list(@Query() query: unknown, @Req() request: FastifyRequest) {
    return this.endpoints.list(scopeOf(request), query);
  }

  @Get(':id')
  get(@Param('id') id: string, @Req() request: FastifyRequest) {
    return this.endpoints.get(scopeOf(request), id);
  }

  @Patch(':id')
  update(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    return this.endpoints.update(scopeOf(request), id, body);
  }

  @Delete(':id')
  async delete(@Param('id') id: string, @Req() request: FastifyRequest) {
    const deleted = await this.endpoints.delete(scopeOf(request), id);
    return { id: deleted, object: 'webhook_endpoint.deleted', deleted: true };
  }

  @Get(':id/secret')
  secret(@Param('id') id: string, @Req() request: FastifyRequest) {
    return this.endpoints.reveal(scopeOf(request), id);
  }

  /** The old secret signs beside the new one until the overlap ends. */
  @Post(':id/rotate')
  @HttpCode(200)
  rotate(@Param('id') id: string, @Body() body: unknown, @Req() request: FastifyRequest) {
    return this.endpoints.rotate(scopeOf(request), id, body);
  }

  @Post(':id/test')
  @HttpCode(200)
  test(@Param('id') id: string, @Req() request: FastifyRequest) {
    return this.history.test(scopeOf(request), id);
  }

  @Get(':id/deliveries')
  deliveries(@Param('id') id: string, @Query() query: unknown, @Req() request: FastifyRequest) {
    return this.history.list(scopeOf(request), id, query);
  }

  @Get(':id/deliveries/:eventId')
  delivery(@Param('id') id: string, @Param('eventId') eventId: string, @Req() request: FastifyRequest) {
    return this.history.get(scopeOf(request), id, eventId);
  }

  @Post(':id/deliveries/:eventId/redeliver')
  @HttpCode(200)
  redeliver(@Param('id') id: string, @Param('eventId') eventId: string, @Req() request: FastifyRequest) {
    return this.history.redeliver(scopeOf(request), id, eventId);
  }
}

function scopeOf(request: FastifyRequest): WebhookScope {
  return { type: 'owner', keyId: callContextOf(request).keyId };
}
