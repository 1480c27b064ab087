import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { Metrics } from '@sluice/platform-telemetry/metrics';
import type { FastifyReply } from 'fastify';

const METRICS = Symbol('metrics');

/** Prometheus text; guarded like the admin API. */
@Controller('metrics')
export class MetricsController {
  static readonly metrics = METRICS;

  constructor(@Inject(METRICS) private readonly metrics: Metrics) {}

  @Get()
  async render(@Res() reply: FastifyReply): Promise<void> {
    await reply.type(this.metrics.contentType).send(await this.metrics.render());
  }
}
