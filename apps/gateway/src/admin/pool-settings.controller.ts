import { Body, Controller, Delete, Get, Param, Patch } from '@nestjs/common';
import { PoolSettingsAdmin } from '@sluice/domain-credentials/pool-settings-admin';

/** How accounts are chosen and treated, by upstream; changed while everything runs. */
@Controller('admin/api/pool')
export class PoolSettingsController {
  constructor(private readonly settings: PoolSettingsAdmin) {}

  @Get('settings')
  async list() {
    return { upstreams: await this.settings.list() };
  }

  @Get('settings/:upstream')
  get(@Param('upstream') upstream: string) {
    return this.settings.get(upstream);
  }

  @Patch('settings/:upstream')
  update(@Param('upstream') upstream: string, @Body() body: unknown) {
    return this.settings.update(upstream, body);
  }

  /** Back to what is usual. */
  @Delete('settings/:upstream')
  reset(@Param('upstream') upstream: string) {
    return this.settings.reset(upstream);
  }
}
