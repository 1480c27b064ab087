import { Body, Controller, Delete, Get, Param, Put } from '@nestjs/common';
import { Settings } from '@sluice/domain-settings/settings';

/** What operators change while everything runs. */
@Controller('admin/api/settings')
export class SettingsController {
  constructor(private readonly settings: Settings) {}

  @Get()
  list() {
    return { settings: this.settings.list() };
  }

  @Get(':name')
  get(@Param('name') name: string) {
    return this.settings.view(name);
  }

  @Put(':name')
  put(@Param('name') name: string, @Body() body: unknown) {
    return this.settings.put(name, body);
  }

  /** Back to the initial value. */
  @Delete(':name')
  reset(@Param('name') name: string) {
    return this.settings.reset(name);
  }
}
