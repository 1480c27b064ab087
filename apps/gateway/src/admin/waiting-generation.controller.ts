import { Controller, Get, Param, Query } from '@nestjs/common';
import { readListQuery } from './list-query.js';
import { WaitingGenerations } from './waiting-generation.service.js';

/** Why something is not made yet. */
@Controller('admin/api/generations')
export class WaitingGenerationController {
  constructor(private readonly waiting: WaitingGenerations) {}

  @Get(':id/waiting')
  find(@Param('id') id: string, @Query() query: unknown) {
    return this.waiting.find(id, readListQuery(query));
  }
}
