import { All, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { GatewayError } from '@sluice/contracts/gateway-error';
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

  /** Told as what it is: an unknown path would be looked for elsewhere. */
  @All(['characters', 'characters/*'])
  characters(): never {
    const text =
      'Characters are not made here: nothing that is set up has the ability. An existing one is written as @name into the prompt.';
    throw new GatewayError('unsupported', text);
  }
}
