import { Controller, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { GatewayError } from '@sluice/contracts/gateway-error';
import { RouteResolver } from '@sluice/domain-routing/route-resolver';
import { countTokens } from '@sluice/wire-tokens/count-tokens';
import { decodeCountRequest } from '@sluice/wire-gemini-generate/decode-request';
import { encodeModel, encodeModelList } from '@sluice/wire-gemini-generate/encode-models';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswerService } from '../generations/answer.service.js';
import type { DialectEndpoint } from '../generations/dialect-endpoint.js';
import { heldToKind, kindOfAddress } from './address-kind.js';
import { embedEndpoint } from './embed.endpoint.js';
import { generateEndpoint } from './generate.endpoint.js';
import { readModelPath } from './model-path.js';
import { VideoOperations } from './video-operations.service.js';

/** Google's paths. What is done with a model stands behind a colon in its own segment, where no router looks. */
@Controller('v1beta')
export class GeminiController {
  constructor(
    private readonly answers: AnswerService,
    private readonly resolver: RouteResolver,
    private readonly operations: VideoOperations,
  ) {}

  @Get('models')
  listModels(@Query() query: unknown) {
    return encodeModelList(this.resolver.list(), query);
  }

  @Get('models/*')
  getModel(@Req() request: FastifyRequest) {
    const { model, method } = readModelPath(request.url);
    // No model of ours is called like a method; one may have a colon in its name.
    const name = method === undefined ? model : `${model}:${method}`;
    if (isOperation(name)) return this.operations.find(`models/${name}`, request);
    const found = this.resolver.list().find(({ id }) => id === name);
    if (found === undefined) throw missing(name);
    return encodeModel(found);
  }

  @Post('models/*')
  @HttpCode(200)
  async callModel(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { model, method } = readModelPath(request.url);
    // An estimate, made here: clients ask often and before anything else, and no upstream is troubled.
    if (method === 'countTokens') await reply.send(countOf(request.body, model));
    else if (method === 'predictLongRunning') await reply.send(await this.operations.start(model, request, reply));
    else if (method === 'cancel' && isOperation(model))
      await reply.send(await this.operations.cancel(`models/${model}`, request));
    else {
      const endpoint = endpointOf({ model, method, query: request.query });
      await this.answers.answer(heldToKind(endpoint, kindOfAddress(request.originalUrl)), request, reply);
    }
  }
}

interface Call {
  model: string;
  method: string | undefined;
  query: unknown;
}

function endpointOf({ model, method, query }: Call): DialectEndpoint {
  switch (method) {
    case 'generateContent':
      return generateEndpoint({ model, form: 'whole' });
    case 'streamGenerateContent':
      return generateEndpoint({ model, form: isSse(query) ? 'sse' : 'array' });
    case 'embedContent':
      return embedEndpoint({ model, form: 'single' });
    case 'batchEmbedContents':
      return embedEndpoint({ model, form: 'batch' });
    default: {
      const message = `models/${model} has no method '${method ?? ''}' here. Known are generateContent, streamGenerateContent, countTokens, embedContent, batchEmbedContents and predictLongRunning.`;
      throw new GatewayError('not_found', message);
    }
  }
}

function isOperation(path: string): boolean {
  return /.\/operations\/./.test(path);
}

function isSse(query: unknown): boolean {
  return (query as { alt?: unknown } | undefined)?.alt === 'sse';
}

function countOf(body: unknown, model: string): object {
  const totalTokens = countTokens(decodeCountRequest(body, { model }));
  return { totalTokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }] };
}

function missing(name: string): GatewayError {
  const message = `models/${name} is not found. Call ListModels to see the list of available models.`;
  return new GatewayError('model_not_found', message, { param: 'model' });
}
