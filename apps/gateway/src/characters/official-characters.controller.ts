import { Controller, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { officialCharacterSchema } from './character-body.js';
import { CharacterReplies } from './character-replies.service.js';
import { toOfficialCharacter } from './character-view.js';
import { hidden, readCharacterWish } from './character-wish.js';
import { CharactersService } from './characters.service.js';

const DIALECT = {
  schema: officialCharacterSchema,
  read: (body: z.infer<typeof officialCharacterSchema>) => hidden(readCharacterWish(body)),
};

/** Characters, as OpenAI has them. */
@Controller(['v1/videos/characters', 'api/v1/videos/characters'])
export class OfficialCharactersController {
  constructor(
    private readonly characters: CharactersService,
    private readonly replies: CharacterReplies,
  ) {}

  @Post()
  @HttpCode(200)
  async create(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const admitted = await this.characters.create(request, DIALECT);
    this.replies.tellAdmitted(reply, admitted);
    return this.replies.tellMade(admitted, reply);
  }

  @Get(':id')
  async get(@Param('id') id: string, @Req() request: FastifyRequest) {
    return toOfficialCharacter(await this.characters.find(id, request));
  }
}
