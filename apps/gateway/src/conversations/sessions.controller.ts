import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { FastifyRequest } from 'fastify';
import { callContextOf } from '../http/call-context.js';
import { ConversationsService } from './conversations.service.js';
import { isJsonObject } from './is-json-object.js';
import { toName } from './select-session.js';

/** The conversations that the gateway keeps, each for the key that began it. */
@Controller(['v1', 'api/v1'])
export class SessionsController {
  constructor(private readonly conversations: ConversationsService) {}

  @Get('sessions/:id')
  async get(@Param('id') id: string, @Req() request: FastifyRequest) {
    const found = await this.conversations.read(keyOf(id, request));
    if (!found) throw new GatewayError('not_found', `There is no session '${id}', or it has expired.`, { param: 'id' });
    return found;
  }

  /** Idempotent: a session that is not there is as good as forgotten. */
  @Delete('sessions/:id')
  async delete(@Param('id') id: string, @Req() request: FastifyRequest) {
    await this.conversations.clear(keyOf(id, request));
    return { id, object: 'session.deleted', deleted: true };
  }

  /** The same as a POST. */
  @Post('session/clear')
  @HttpCode(200)
  async clear(@Body() body: unknown, @Req() request: FastifyRequest) {
    const id = toName(isJsonObject(body) ? body['session_id'] : undefined, 'session_id');
    const turns = await this.conversations.clear(keyOf(id, request));
    return { status: 'success', session_id: id, cleared: turns > 0, turns };
  }
}

function keyOf(id: string, request: FastifyRequest) {
  return { ownerKeyId: callContextOf(request).keyId, conversation: id };
}
