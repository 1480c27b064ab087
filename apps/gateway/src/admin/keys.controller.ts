import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiKeyAdmin } from '@sluice/domain-accounts/api-key-admin';
import { readListQuery } from './list-query.js';

@Controller('admin/api/keys')
export class KeysController {
  constructor(private readonly keys: ApiKeyAdmin) {}

  @Get()
  list(@Query() query: unknown) {
    return this.keys.list(readListQuery(query));
  }

  /** The key itself is in this answer and in no other. */
  @Post()
  create(@Body() body: unknown) {
    return this.keys.create(body);
  }

  @Get(':id')
  get(@Param('id') id: string) {
    return this.keys.get(id);
  }

  @Patch(':id')
  update(@Param('id') id: string, @Body() body: unknown) {
    return this.keys.update(id, body);
  }

  /** The new key is in this answer and in no other. */
  @Post(':id/rotate')
  @HttpCode(200)
  rotate(@Param('id') id: string, @Body() body: unknown) {
    return this.keys.rotate(id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  delete(@Param('id') id: string): Promise<void> {
    return this.keys.delete(id);
  }
}
