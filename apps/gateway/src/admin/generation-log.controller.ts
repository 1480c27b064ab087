import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { GenerationLogService } from './generation-log.service.js';

/** All that is and was made, whoever asked for it. */
@Controller('admin/api')
export class GenerationLogController {
  constructor(private readonly log: GenerationLogService) {}

  @Get('generations')
  list(@Query() query: unknown) {
    return this.log.list(query);
  }

  @Get('requests')
  requests(@Query() query: unknown) {
    return this.log.requests(query);
  }

  @Post('generations/clear')
  @HttpCode(200)
  clear(@Body() body: unknown) {
    return this.log.clear(body);
  }

  @Post('generations/:id/cancel')
  @HttpCode(200)
  cancel(@Param('id') id: string) {
    return this.log.cancel(id);
  }

  @Delete('generations/:id')
  @HttpCode(204)
  remove(@Param('id') id: string): Promise<void> {
    return this.log.remove(id);
  }
}
