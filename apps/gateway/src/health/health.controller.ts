import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { HealthCheckService, type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';
import type { FastifyReply } from 'fastify';
import { Readiness } from './readiness.js';

/** For orchestrators: alive, ready, and in detail. */
@Controller()
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly indicator: HealthIndicatorService,
    private readonly readiness: Readiness,
  ) {}

  /** The event loop answers: nothing else is asked, so that a store's trouble never restarts us. */
  @Get('livez')
  @HttpCode(200)
  live(): string {
    return 'ok';
  }

  /** Draining, migrations and Postgres count; a blip of Redis does not. */
  @Get('readyz')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const problem = await this.readiness.findProblem();
    await reply
      .status(problem ? 503 : 200)
      .type('text/plain')
      .send(problem ?? 'ready');
  }

  @Get('healthz')
  detailed() {
    return this.health.check([() => this.check('postgres'), () => this.check('redis'), () => this.check('draining')]);
  }

  private async check(part: 'postgres' | 'redis' | 'draining'): Promise<HealthIndicatorResult> {
    const session = this.indicator.check(part);
    const problem = await this.readiness.problemOf(part);
    return problem ? session.down({ message: problem }) : session.up();
  }
}
