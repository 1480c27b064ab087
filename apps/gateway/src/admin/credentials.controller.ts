import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { CredentialAdmin } from '@sluice/domain-credentials/credential-admin';
import { RouteResolver } from '@sluice/domain-routing/route-resolver';
import type { FastifyReply } from 'fastify';
import { readListQuery } from './list-query.js';

@Controller('admin/api/credentials')
export class CredentialsController {
  constructor(
    private readonly credentials: CredentialAdmin,
    private readonly resolver: RouteResolver,
  ) {}

  @Get()
  list(@Query() query: unknown) {
    return this.credentials.list(readListQuery(query));
  }

  /** 201 for a new one, 200 for one that is there already and has been edited. */
  @Post()
  async create(@Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply) {
    const { credential, isNew } = await this.credentials.create(body);
    // A model that it names can be called by that name at once.
    await this.resolver.refresh();
    void reply.status(isNew ? 201 : 200);
    return credential;
  }

  @Get(':id')
  get(@Param('id') id: string) {
    return this.credentials.get(id);
  }

  @Patch(':id')
  async update(@Param('id') id: string, @Body() body: unknown) {
    const credential = await this.credentials.update(id, body);
    await this.resolver.refresh();
    return credential;
  }

  @Delete(':id')
  @HttpCode(204)
  async delete(@Param('id') id: string): Promise<void> {
    await this.credentials.delete(id);
    await this.resolver.refresh();
  }
}
