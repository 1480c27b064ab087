import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswerService } from '../generations/answer.service.js';
import { enhanceEndpoint } from './enhance.endpoint.js';

/** Paths that gateways of Sora had beside those of OpenAI. */
@Controller(['v1', 'api/v1'])
export class SoraClientsController {
  constructor(private readonly answers: AnswerService) {}

  @Post(['enhance_prompt', 'enhance-prompt'])
  @HttpCode(200)
  enhance(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answers.answer(enhanceEndpoint, request, reply);
  }
}
