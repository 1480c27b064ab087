import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { MediaLinks } from '../media/media-links.js';
import { FilesService } from './files.service.js';

/** Where chat pages leave a picture that their next message shows: Grok2API's path. */
@Controller(['v1/uploads', 'api/v1/uploads'])
export class ParkingController {
  static readonly lifeMs = Symbol('life of a parked picture');

  constructor(
    private readonly files: FilesService,
    private readonly links: MediaLinks,
    @Inject(ParkingController.lifeMs) private readonly lifeMs: number,
  ) {}

  @Post('image')
  @HttpCode(200)
  async park(@Req() request: FastifyRequest) {
    const { id, media, expiresAtMs = 0 } = await this.files.park(request, this.lifeMs);
    return {
      url: this.links.link(media, request, expiresAtMs),
      name: media.key.slice(media.key.lastIndexOf('/') + 1),
      size_bytes: media.bytes,
      file_id: id,
      expires_at: Math.floor(expiresAtMs / 1000),
    };
  }
}
