import { Controller, Get, Query } from '@nestjs/common';
import { FailureLog } from '@sluice/domain-generations/failure-log';

/** What went wrong with calls, for operators. */
@Controller('admin/api/failures')
export class FailuresController {
  constructor(private readonly failures: FailureLog) {}

  @Get()
  list(@Query() query: unknown) {
    return this.failures.list(query);
  }
}
