import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { WebhookEndpoints } from '@sluice/domain-webhooks/webhook-endpoints';
import { WebhookHistory } from '@sluice/domain-webhooks/webhook-history';
import type { WebhookScope } from '@sluice/domain-webhooks/webhook-scope';

const OPERATOR: WebhookScope = { type: 'operator' };

/** Everybody's endpoints, and those of no key, which hear of all. */
@Controller('admin/api/webhooks')
export class WebhookAdminController {
  constructor(
    private readonly endpoints: WebhookEndpoints,
    private readonly history: WebhookHistory,
  ) {}

  @Post()
  create(@Body() body: unknown) {
    return this.endpoints.create(OPERATOR, body);
  }

  @Get()
  list(@Query() query: unknown) {
    return this.endpoints.list(OPERATOR, query);
  }

  @Get(':id')
  get(@Param('id') id: string) {
    return this.endpoints.get(OPERATOR, id);
  }

  @Patch(':id')
  update(@Param('id') id: string, @Body() body: unknown) {
    return this.endpoints.update(OPERATOR, id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  async delete(@Param('id') id: string): Promise<void> {
    await this.endpoints.delete(OPERATOR, id);
  }

  /** A POST, so that it is noted. */
  @Post(':id/reveal')
  @HttpCode(200)
  reveal(@Param('id') id: string) {
    return this.endpoints.reveal(OPERATOR, id);
  }

  @Post(':id/rotate')
  @HttpCode(200)
  rotate(@Param('id') id: string, @Body() body: unknown) {
    return this.endpoints.rotate(OPERATOR, id, body);
  }

  @Post(':id/test')
  @HttpCode(200)
  test(@Param('id') id: string) {
    return this.history.test(OPERATOR, id);
  }

  @Get(':id/deliveries')
  deliveries(@Param('id') id: string, @Query() query: unknown) {
    return this.history.list(OPERATOR, id, query);
  }

  @Get(':id/deliveries/:eventId')
  delivery(@Param('id') id: string, @Param('eventId') eventId: string) {
    return this.history.get(OPERATOR, id, eventId);
  }

  @Post(':id/deliveries/:eventId/redeliver')
  @HttpCode(200)
  redeliver(@Param('id') id: string, @Param('eventId') eventId: string) {
    return this.history.redeliver(OPERATOR, id, eventId);
  }
}
