import { Controller, Get, Head, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

const PAGE = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Sluice</title>
<body style="font:16px/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem">
<h1>Sluice</h1><p>One API in front of many generative upstreams.</p>
<ul><li><a href="/docs">API reference</a></li><li><a href="/openapi.json">openapi.json</a></li><li><a href="/healthz">health</a></li></ul>
</body></html>`;

/** What somebody sees who opens the address in a browser, and what clients probe to see that somebody is there. */
@Controller()
export class RootController {
  @Head()
  probe(@Res() reply: FastifyReply): void {
    void reply.status(200).send();
  }

  @Get()
  async welcome(@Res() reply: FastifyReply): Promise<void> {
    await reply.type('text/html; charset=utf-8').send(PAGE);
  }
}
