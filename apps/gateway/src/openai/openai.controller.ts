import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { RouteResolver } from '@sluice/domain-routing/route-resolver';
import { encodeModel, encodeModelList } from '@sluice/wire-openai-models/encode-response';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswerService } from '../generations/answer.service.js';
import { chatEndpoint } from './chat.endpoint.js';
import { embeddingsEndpoint } from './embeddings.endpoint.js';

/** OpenAI's paths; `/api/v1` are their aliases. */
@Controller(['v1', 'api/v1'])
export class OpenaiController {
  constructor(
    private readonly answers: AnswerService,
    private readonly resolver: RouteResolver,
  ) {}

  @Post('chat/completions')
  @HttpCode(200)
  createChatCompletion(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answers.answer(chatEndpoint, request, reply);
  }

  @Post('embeddings')
  @HttpCode(200)
  createEmbeddings(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answers.answer(embeddingsEndpoint, request, reply);
  }

  @Get('models')
  listModels() {
    return encodeModelList(this.resolver.list());
  }

  /** Ids may contain slashes, written plainly or as `%2F`. */
  @Get('models/*')
  getModel(@Param('*') id: string | string[]) {
    const name = Array.isArray(id) ? id.join('/') : id;
    const model = this.resolver.list().find((listed) => listed.id === name);
    if (!model) throw new GatewayError('model_not_found', `The model '${name}' does not exist.`, { param: 'model' });
    return encodeModel(model);
  }
}
