import { Controller, Get, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { VideoOperations } from './video-operations.service.js';

/** Operations by their short names; those under a model are the models' controller's. */
@Controller('v1beta/operations')
export class GeminiOperationsController {
  constructor(private readonly operations: VideoOperations) {}

  @Get('*')
  find(@Req() request: FastifyRequest) {
    return this.operations.find(nameOf(request), request);
  }

  /** `operations/{id}:cancel` */
  @Post('*')
  @HttpCode(200)
  cancel(@Req() request: FastifyRequest) {
    return this.operations.cancel(nameOf(request).replace(/:cancel$/, ''), request);
  }
}

function nameOf({ url }: FastifyRequest): string {
  return (url.split('?')[0] ?? '').replace(/^\/v1beta\//, '').replaceAll(/%3a/gi, ':');
}
