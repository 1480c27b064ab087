import { Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { RouteResolver } from '@sluice/domain-routing/route-resolver';
import {
  encodeModel as encodeAnthropicModel,
  encodeModelList as encodeAnthropicModelList,
} from '@sluice/wire-anthropic-messages/encode-models';
import { familyOfPath } from '@sluice/wire-errors/dialect-family';
import { encodeModel, encodeModelList } from '@sluice/wire-openai-models/encode-response';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswerService } from '../generations/answer.service.js';
import { chatEndpoint } from './chat.endpoint.js';
import { embeddingsEndpoint } from './embeddings.endpoint.js';
import { moderationEndpoint } from './moderation.endpoint.js';

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

  @Post('moderations')
  @HttpCode(200)
  createModeration(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answers.answer(moderationEndpoint, request, reply);
  }

  @Get('models')
  listModels(@Req() request: FastifyRequest, @Query() query: unknown) {
    const models = this.resolver.list();
    return isAnthropic(request) ? encodeAnthropicModelList(models, query) : encodeModelList(models);
  }

  /** Ids may contain slashes, written plainly or as `%2F`. */
  @Get('models/*')
  getModel(@Param('*') id: string | string[], @Req() request: FastifyRequest) {
    const name = Array.isArray(id) ? id.join('/') : id;
    const model = this.resolver.list().find((listed) => listed.id === name);
    if (!model) throw new GatewayError('model_not_found', `The model '${name}' does not exist.`, { param: 'model' });
    return isAnthropic(request) ? encodeAnthropicModel(model) : encodeModel(model);
  }
}

/** The path belongs to both families. */
function isAnthropic(request: FastifyRequest): boolean {
  return familyOfPath(request.url, request.headers) === 'anthropic';
}
