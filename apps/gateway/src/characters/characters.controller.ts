import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { parseBody } from '@sluice/contracts/parse-body';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { characterSchema, sharingSchema } from './character-body.js';
import { CharacterReplies } from './character-replies.service.js';
import { hidden, readCharacterWish, readSharing } from './character-wish.js';
import { CharactersService } from './characters.service.js';

const DIALECT = {
  schema: characterSchema,
  read: (body: z.infer<typeof characterSchema>) => hidden(readCharacterWish(body)),
};
const searchSchema = z.object({ username: z.string().trim().min(1).max(64) });

/** Characters, as gateways of Sora had them; `/api/v1` is an alias. */
@Controller(['v1/characters', 'api/v1/characters'])
export class CharactersController {
  constructor(
    private readonly characters: CharactersService,
    private readonly replies: CharacterReplies,
  ) {}

  @Post()
  @HttpCode(200)
  async create(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const admitted = await this.characters.create(request, DIALECT);
    this.replies.tellAdmitted(reply, admitted);
    return this.replies.tell(admitted.character, request, reply);
  }

  /** The caller's own: `limit`, `after`, `order`. */
  @Get()
  list(@Query() query: unknown, @Req() request: FastifyRequest) {
    return this.replies.list(query, request);
  }

  /** Whoever can be mentioned: `username` is the beginning of a name. */
  @Get('search')
  async search(@Query() query: unknown, @Req() request: FastifyRequest) {
    const { username } = parseBody(searchSchema, query);
    return this.replies.tellFound(await this.characters.search(username, request));
  }

  @Get(':id')
  async get(@Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.replies.tell(await this.characters.find(id, request), request, reply);
  }

  @Patch(':id')
  async change(
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const isPublic = readSharing(parseBody(sharingSchema, body)) ?? false;
    return this.replies.tell(await this.characters.share(id, request, isPublic), request, reply);
  }

  @Post(':id/public')
  @HttpCode(200)
  async show(@Param('id') id: string, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    return this.replies.tell(await this.characters.share(id, request, true), request, reply);
  }

  @Delete(':id')
  async remove(@Param('id') id: string, @Req() request: FastifyRequest) {
    await this.characters.remove(id, request);
    return { id, object: 'character.deleted', deleted: true };
  }
}
