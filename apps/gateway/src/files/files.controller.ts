import { Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import { encodeDeleted, encodeFile, encodeFileList } from '@sluice/wire-openai-files/encode-response';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MediaController } from '../media/media.controller.js';
import { sendMedia } from '../media/send-media.js';
import { FilesService } from './files.service.js';

/** OpenAI's files paths; `/api/v1` are their aliases. */
@Controller(['v1/files', 'api/v1/files'])
export class FilesController {
  constructor(
    private readonly files: FilesService,
    @Inject(MediaController.store) private readonly store: MediaStore,
  ) {}

  @Post()
  @HttpCode(200)
  async create(@Req() request: FastifyRequest) {
    return encodeFile(await this.files.create(request));
  }

  /** The caller's own: `limit`, `after`, `order`, `purpose`. */
  @Get()
  async list(@Query() query: unknown, @Req() request: FastifyRequest) {
    const { files, hasMore } = await this.files.list(query, request);
    return encodeFileList(files, { hasMore });
  }

  @Get(':id')
  async get(@Param('id') id: string, @Req() request: FastifyRequest) {
    return encodeFile(await this.files.find(id, request));
  }

  @Get(':id/content')
  async content(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { media } = await this.files.find(id, request);
    if (await sendMedia({ request, reply, key: media.key }, { store: this.store, name: id, maximumAgeSeconds: 0 }))
      return;
    throw new GatewayError('not_found', 'The content of this file is not kept any more.', { reason: 'expired' });
  }

  @Delete(':id')
  async remove(@Param('id') id: string, @Req() request: FastifyRequest) {
    await this.files.remove(id, request);
    return encodeDeleted(id);
  }
}
