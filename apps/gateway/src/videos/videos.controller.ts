import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { VideoOperation } from '@sluice/wire-openai-videos/decode-request';
import { encodeDeleted, encodeVideo } from '@sluice/wire-openai-videos/encode-response';
import { encodeRequestId } from '@sluice/wire-openai-videos/encode-xai';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { VideoReplies } from './video-replies.service.js';
import { VideosService } from './videos.service.js';

/** OpenAI's videos paths and xAI's one; `/api/v1` are their aliases. */
@Controller(['v1/videos', 'api/v1/videos'])
export class VideosController {
  constructor(
    private readonly videos: VideosService,
    private readonly replies: VideoReplies,
  ) {}

  @Post()
  @HttpCode(200)
  create(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.make(request, reply);
  }

  /** xAI's spelling. */
  @Post('generations')
  @HttpCode(200)
  async createRequest(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const admitted = await this.videos.create(request);
    this.replies.tellAdmitted(reply, admitted);
    return encodeRequestId(admitted.video.id);
  }

  @Post('edits')
  @HttpCode(200)
  edit(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.make(request, reply, { relation: 'edit' });
  }

  @Post('extensions')
  @HttpCode(200)
  extend(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.make(request, reply, { relation: 'extension' });
  }

  @Post(':id/remix')
  @HttpCode(200)
  remix(
    @Param('id') sourceId: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    return this.make(request, reply, { relation: 'remix', sourceId });
  }

  /** The caller's own: `limit`, `after`, `order`. */
  @Get()
  list(@Query() query: unknown, @Req() request: FastifyRequest) {
    return this.replies.list(query, request);
  }

  @Get(':id')
  async get(@Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.replies.tell({ id, request, reply, video: await this.videos.find(id, request) });
  }

  @Get(':id/content')
  async content(
    @Param('id') id: string,
    @Query('variant') variant: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const video = await this.videos.find(id, request);
    await this.replies.sendContent({ video, variant: variant || 'video', request, reply });
  }

  @Delete(':id')
  async remove(
    @Param('id') id: string,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { id: removedId, upstream } = await this.videos.remove(id, request);
    if (upstream !== undefined) void reply.header('x-sluice-upstream-removal', upstream);
    return encodeDeleted(removedId);
  }

  private async make(request: FastifyRequest, reply: FastifyReply, operation: VideoOperation = {}) {
    const admitted = await this.videos.create(request, operation);
    this.replies.tellAdmitted(reply, admitted);
    return encodeVideo(admitted.video);
  }
}
