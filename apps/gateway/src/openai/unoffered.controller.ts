import { All, Controller, Delete, Get, Post, Req } from '@nestjs/common';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { FastifyRequest } from 'fastify';

/** What OpenAI has and this gateway has not, by the first segment of its path, and what to use in its place. */
const UNOFFERED: Readonly<Record<string, string>> = {
  assistants: 'Assistants are not offered here: use /v1/responses or /v1/chat/completions.',
  threads: 'Threads are not offered here: use /v1/responses with previous_response_id.',
  completions: 'Legacy completions are not offered here: use /v1/chat/completions.',
  edits: 'Legacy edits are not offered here: use /v1/chat/completions.',
  engines: 'Engines are not offered here: use /v1/models.',
  fine_tuning: 'Fine-tuning is not offered here.',
  evals: 'Evals are not offered here.',
  graders: 'Graders are not offered here.',
  vector_stores: 'Vector stores are not offered here.',
  uploads: 'Uploads in parts are not offered here.',
  realtime: 'Realtime sessions are not offered here: use stream: true on /v1/chat/completions or /v1/responses.',
  chatkit: 'ChatKit is not offered here.',
  containers: 'Containers are not offered here.',
};

const STORED =
  'Stored chat completions are not offered here: completions are not kept. Use /v1/responses to read an answer again.';

const paths = Object.keys(UNOFFERED).flatMap((path) => [path, `${path}/*`]);

/** Says of OpenAI's other paths that they are not there, and why. */
@Controller(['v1', 'api/v1'])
export class UnofferedController {
  @Get('chat/completions')
  listStored(): never {
    throw notOffered(STORED);
  }

  @Get(['chat/completions/:id', 'chat/completions/:id/messages'])
  getStored(): never {
    throw notOffered(STORED);
  }

  @Post('chat/completions/:id')
  updateStored(): never {
    throw notOffered(STORED);
  }

  @Delete('chat/completions/:id')
  deleteStored(): never {
    throw notOffered(STORED);
  }

  @All(paths)
  refuse(@Req() request: FastifyRequest): never {
    const [, segment = ''] = /\/v1\/([^/?]+)/.exec(request.url) ?? [];
    throw notOffered(UNOFFERED[segment] ?? `Invalid URL (${request.method} ${request.url.split('?', 1)[0]})`);
  }
}

function notOffered(message: string): GatewayError {
  return new GatewayError('not_found', message, { reason: 'not_offered' });
}
