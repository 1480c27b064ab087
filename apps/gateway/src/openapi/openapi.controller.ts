import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createDocsPage } from './docs-page.js';
import { createOpenapiDocument } from './openapi-document.js';
import { OPERATIONS } from './operations.js';

/** The surface, described by the schemas that guard it. */
@Controller()
export class OpenapiController {
  @Get('openapi.json')
  describe(@Req() request: FastifyRequest): object {
    return createOpenapiDocument(OPERATIONS, `${request.protocol}://${request.host}`);
  }

  @Get('docs')
  async read(@Res() reply: FastifyReply): Promise<void> {
    await reply.type('text/html; charset=utf-8').send(createDocsPage(OPERATIONS));
  }
}
