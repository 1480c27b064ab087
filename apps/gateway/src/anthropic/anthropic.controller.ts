import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { countTokens } from '@sluice/wire-tokens/count-tokens';
import { decodeCountRequest } from '@sluice/wire-anthropic-messages/decode-request';
import { type ApiVersion, parseVersion } from '@sluice/wire-anthropic-messages/version';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswerService } from '../generations/answer.service.js';
import { headerOf } from '../http/call-context.js';
import { messagesEndpoint } from './messages.endpoint.js';

/** Anthropic's paths; `/api/v1` are their aliases. Its models are listed where OpenAI's are. */
@Controller(['v1', 'api/v1'])
export class AnthropicController {
  constructor(private readonly answers: AnswerService) {}

  @Post('messages')
  @HttpCode(200)
  createMessage(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const endpoint = messagesEndpoint({ version: versionOf(request), requestId: request.id });
    return this.answers.answer(endpoint, request, reply);
  }

  /** An estimate, made here: clients ask often and before anything else, and no upstream is troubled. */
  @Post('messages/count_tokens')
  @HttpCode(200)
  countTokens(@Req() request: FastifyRequest) {
    return { input_tokens: countTokens(decodeCountRequest(request.body, { version: versionOf(request) })) };
  }
}

function versionOf(request: FastifyRequest): ApiVersion {
  return parseVersion(headerOf(request, 'anthropic-version'));
}
