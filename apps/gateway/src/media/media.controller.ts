import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { MediaLinks } from './media-links.js';
import { sendMedia } from './send-media.js';

/** Files by signed links: the signature is the permission. */
@Controller('media')
export class MediaController {
  static readonly store = Symbol('media store');

  constructor(
    private readonly links: MediaLinks,
    @Inject(MediaController.store) private readonly store: MediaStore,
  ) {}

  @Get('*')
  async get(
    @Param('*') path: string | string[],
    @Query('expires') expires: string | undefined,
    @Query('signature') signature: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const key = Array.isArray(path) ? path.join('/') : path;
    const signed = { path: key, expires: Number(expires), signature: String(signature) };
    if (!this.links.isValid(signed)) throw new GatewayError('forbidden', 'This link is not valid, or has expired.');
    const name = key.slice(key.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
    const maximumAgeSeconds = this.links.secondsLeft(signed.expires);
    if (await sendMedia({ request, reply, key }, { store: this.store, name, maximumAgeSeconds })) return;
    throw new GatewayError('not_found', 'This file is not kept any more.');
  }
}
