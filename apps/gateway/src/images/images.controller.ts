import { Controller, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { ImageOperation } from '@sluice/wire-openai-images/decode-request';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GenerationViews, retryAfterSeconds } from '../generations/generation-views.js';
import { callContextOf, headerOf } from '../http/call-context.js';
import { type ImageCall, ImageReplies } from './image-replies.service.js';
import { ImagesService } from './images.service.js';

/** OpenAI's images paths; `/api/v1` are their aliases. */
@Controller(['v1/images', 'api/v1/images'])
export class ImagesController {
  constructor(
    private readonly images: ImagesService,
    private readonly replies: ImageReplies,
    private readonly views: GenerationViews,
  ) {}

  @Post('generations')
  @HttpCode(200)
  generate(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.make('generation', request, reply);
  }

  @Post('edits')
  @HttpCode(200)
  edit(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.make('edit', request, reply);
  }

  /** Retired by the vendor; an edit without words would be another thing. */
  @Post('variations')
  vary(): never {
    const text = 'Variations are not offered here: use /v1/images/edits, and say what is to change.';
    throw new GatewayError('unsupported', text, { reason: 'not_offered' });
  }

  /** Clients of Grok2API ask. Of its two words this is the one for pictures by websocket, which keep to the asked shape. */
  @Get('method')
  method() {
    return { image_generation_method: 'imagine_ws_experimental' };
  }

  private async make(operation: ImageOperation, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    const admitted = await this.images.create(request, operation);
    try {
      await this.answer({ admitted, request, reply });
    } catch (error) {
      // It is committed, and may be paid: an SDK that asks again by itself would have it made once more.
      if (!admitted.isNamed) void reply.header('x-should-retry', 'false');
      throw error;
    }
  }

  private async answer(call: ImageCall): Promise<void> {
    const { admitted, request, reply } = call;
    if (!admitted.answer.isAsync && !prefersAsync(request)) return this.replies.send(call);
    this.replies.tellAdmitted(reply, admitted);
    const view = await this.views.find(admitted.image.id, callContextOf(request).keyId);
    const waitSeconds = retryAfterSeconds(view);
    if (waitSeconds !== undefined) void reply.header('retry-after', waitSeconds);
    await reply.status(202).header('preference-applied', 'respond-async').send(view);
  }
}

/** RFC 7240. */
function prefersAsync(request: FastifyRequest): boolean {
  return /(?:^|[,;])\s*respond-async\s*(?:$|[,;])/i.test(headerOf(request, 'prefer') ?? '');
}
