import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CredentialsService } from './credentials.service.js';

/** The import is registered beside: its body is read as it comes. */
@Controller('admin/api/credentials')
export class CredentialsController {
  constructor(private readonly credentials: CredentialsService) {}

  @Get()
  list(@Query() query: unknown) {
    return this.credentials.list(query);
  }

  /** 201 for a new one, 200 for one that is there already and has been edited. */
  @Post()
  create(@Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.credentials.create(body, reply);
  }

  @Get('export')
  export(@Query() query: unknown, @Res() reply: FastifyReply) {
    return this.credentials.export(query, reply);
  }

  @Post('bulk')
  @HttpCode(200)
  bulk(@Body() body: unknown) {
    return this.credentials.bulk(body);
  }

  @Post('test')
  testMany(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.credentials.testMany(body, request, reply);
  }

  @Post('assets/count')
  countAssets(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.credentials.callMany('count-assets', body, { request, reply });
  }

  @Post('assets/clear')
  clearAssets(@Body() body: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.credentials.callMany('clear-assets', body, { request, reply });
  }

  @Get(':id/assets')
  assets(@Param('id') id: string) {
    return this.credentials.call('count-assets', id);
  }

  @Delete(':id/assets')
  clear(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    return this.credentials.callMany('clear-assets', { ids: [id] }, { request, reply });
  }

  @Get(':id')
  get(@Param('id') id: string) {
    return this.credentials.get(id);
  }

  @Patch(':id')
  update(@Param('id') id: string, @Body() body: unknown) {
    return this.credentials.update(id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  delete(@Param('id') id: string): Promise<void> {
    return this.credentials.delete(id);
  }

  @Get(':id/events')
  events(@Param('id') id: string, @Query() query: unknown) {
    return this.credentials.events(id, query);
  }

  @Post(':id/enable')
  @HttpCode(200)
  enable(@Param('id') id: string) {
    return this.credentials.update(id, { enabled: true });
  }

  @Post(':id/disable')
  @HttpCode(200)
  disable(@Param('id') id: string) {
    return this.credentials.update(id, { enabled: false });
  }

  @Post(':id/reset')
  @HttpCode(200)
  reset(@Param('id') id: string) {
    return this.credentials.reset(id);
  }

  @Post(':id/test')
  @HttpCode(200)
  test(@Param('id') id: string) {
    return this.credentials.call('test', id);
  }

  @Post(':id/refresh')
  @HttpCode(200)
  refresh(@Param('id') id: string) {
    return this.credentials.call('refresh', id);
  }

  @Post(':id/reveal')
  @HttpCode(200)
  reveal(@Param('id') id: string) {
    return this.credentials.reveal(id);
  }
}
