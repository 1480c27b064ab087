import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { StudioUserAdmin } from '@sluice/domain-studio/studio-user-admin';
import type { FastifyReply } from 'fastify';
import { AccountRemoval } from '../studio/account-removal.js';

/** Who may use the studio, and how much. */
@Controller('admin/api/studio/users')
export class StudioUsersController {
  constructor(
    private readonly users: StudioUserAdmin,
    private readonly removal: AccountRemoval,
  ) {}

  @Get()
  list(@Query() query: unknown) {
    return this.users.list(query);
  }

  @Post()
  create(@Body() body: unknown) {
    return this.users.create(body);
  }

  @Get(':id')
  get(@Param('id') id: string) {
    return this.users.get(id);
  }

  @Patch(':id')
  update(@Param('id') id: string, @Body() body: unknown) {
    return this.users.update(id, body);
  }

  @Post(':id/password')
  @HttpCode(200)
  resetPassword(@Param('id') id: string, @Body() body: unknown) {
    return this.users.resetPassword(id, body);
  }

  /** The account and all that it made. 202 while something of it is still being ended at an upstream. */
  @Delete(':id')
  async delete(@Param('id') id: string, @Res({ passthrough: true }) reply: FastifyReply) {
    await this.users.get(id);
    const outcome = await this.removal.remove(id);
    void reply.status(outcome === 'done' ? 200 : 202);
    return { id, deleted: outcome === 'done' };
  }
}
