import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { StudioAccounts } from '@sluice/domain-studio/studio-accounts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AccountRemoval } from './account-removal.js';
import { studioUserOf } from './register-studio.js';
import { encodeUser } from './studio-view.js';

/** Who uses the studio. */
@Controller('api/auth')
export class StudioAccountsController {
  constructor(
    private readonly accounts: StudioAccounts,
    private readonly removal: AccountRemoval,
  ) {}

  @Post('register')
  @HttpCode(201)
  async register(@Body() body: unknown, @Req() request: FastifyRequest) {
    const { user, token } = await this.accounts.register(body, request.ip);
    return { user: encodeUser(user), token };
  }

  @Post('login')
  @HttpCode(200)
  async login(@Body() body: unknown, @Req() request: FastifyRequest) {
    const { user, token } = await this.accounts.login(body, request.ip);
    return { user: encodeUser(user), token };
  }

  @Get('me')
  me(@Req() request: FastifyRequest) {
    return encodeUser(studioUserOf(request));
  }

  /** Everywhere else one has to log in again. */
  @Post('password')
  @HttpCode(200)
  async changePassword(@Body() body: unknown, @Req() request: FastifyRequest) {
    const { user, token } = await this.accounts.changePassword(studioUserOf(request), body);
    return { user: encodeUser(user), token };
  }

  /** The account and all that it made. 202 while something of it is still being ended at an upstream. */
  @Delete('me')
  async remove(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply) {
    const outcome = await this.removal.remove(studioUserOf(request).id);
    void reply.status(outcome === 'done' ? 200 : 202);
    return {
      message:
        outcome === 'done'
          ? 'Your account and your videos are deleted.'
          : 'Your account is deleted; videos in the making are being ended and deleted.',
    };
  }
}
