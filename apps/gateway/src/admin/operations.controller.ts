import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { OperationsService } from './operations.service.js';

/** What operators look at and do beyond single credentials and keys. */
@Controller('admin/api')
export class OperationsController {
  constructor(private readonly operations: OperationsService) {}

  @Get('pool')
  pool() {
    return this.operations.pool();
  }

  @Get('audit')
  audit(@Query() query: unknown) {
    return this.operations.audit(query);
  }

  @Get('proxies')
  ways() {
    return this.operations.ways();
  }

  @Post('proxies/test')
  @HttpCode(200)
  testProxy(@Body() body: unknown) {
    return this.operations.testProxy(body);
  }

  @Post('vault/rewrap')
  @HttpCode(200)
  rewrap() {
    return this.operations.rewrap();
  }
}
