import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StudioReplies } from './studio-replies.service.js';
import { StudioVideos } from './studio-videos.service.js';

/** Videos of whoever is logged in. */
@Controller('api/videos')
export class StudioVideosController {
  constructor(
    private readonly videos: StudioVideos,
    private readonly replies: StudioReplies,
  ) {}

  @Post()
  @HttpCode(202)
  async create(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.replies.tellStarted(await this.videos.create(request), request, reply);
  }

  /** Those that are completed, unless `status` says otherwise. */
  @Get()
  async list(@Query() query: unknown, @Req() request: FastifyRequest) {
    const { videos, pagination } = await this.videos.list(query, request);
    return { videos: videos.map((video) => this.replies.tellVideo(video, request)), pagination };
  }

  /** Those that wait or are in the making. */
  @Get('jobs')
  async listJobs(@Req() request: FastifyRequest) {
    const jobs = await this.videos.listJobs(request);
    return jobs.map((job) => this.replies.tellJob(job, request));
  }

  @Get('jobs/:id')
  async getJob(@Param('id') id: string, @Req() request: FastifyRequest) {
    return this.replies.tellJob(await this.videos.find(id, request), request);
  }

  @Get('jobs/:id/stream')
  async stream(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.replies.streamJob(await this.videos.find(id, request), request, reply);
  }

  /** Idempotent. */
  @Post('jobs/:id/cancel')
  @HttpCode(200)
  async cancel(@Param('id') id: string, @Req() request: FastifyRequest) {
    return this.replies.tellJob(await this.videos.cancel(id, request), request);
  }

  @Get(':id')
  async get(@Param('id') id: string, @Req() request: FastifyRequest) {
    return this.replies.tellVideo(await this.videos.find(id, request), request);
  }

  /** The file itself, for who shows a token. */
  @Get(':id/content')
  async content(@Param('id') id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.replies.sendContent(await this.videos.find(id, request), request, reply);
  }

  @Delete(':id')
  async remove(@Param('id') id: string, @Req() request: FastifyRequest) {
    await this.videos.remove(id, request);
    return { id, deleted: true };
  }
}
