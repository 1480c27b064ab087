import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { parseBody } from '@sluice/contracts/parse-body';
import { StuckGenerations } from './stuck-generations.service.js';
import { adoptSchema, failSchema } from './stuck-generations.schema.js';
import { readListQuery } from './list-query.js';

/** Durable generations whose outcome only a human can decide. Each decision is noted in the audit log. */
@Controller('admin/api/generations')
export class StuckGenerationsController {
  constructor(private readonly stuck: StuckGenerations) {}

  @Get('stuck')
  list(@Query() query: unknown) {
    return this.stuck.list(readListQuery(query));
  }

  /** "Resubmit anyway": it may be paid twice. */
  @Post(':id/resubmit')
  @HttpCode(200)
  resubmit(@Param('id') id: string) {
    return this.stuck.resubmit(id);
  }

  @Post(':id/fail')
  @HttpCode(200)
  fail(@Param('id') id: string, @Body() body: unknown) {
    return this.stuck.fail(id, parseBody(failSchema, body ?? {}));
  }

  @Post(':id/adopt')
  @HttpCode(200)
  adopt(@Param('id') id: string, @Body() body: unknown) {
    return this.stuck.adopt(id, parseBody(adoptSchema, body));
  }
}
