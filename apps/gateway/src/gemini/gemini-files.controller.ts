import { Controller, Delete, Get, Req, Res } from '@nestjs/common';
import { digitsIn } from '@sluice/wire-gemini-generate/file-names';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { GeneratedFiles, missingFile } from './generated-files.service.js';
import { GoogleFiles } from './google-files.service.js';

/** Google's paths for files. A file's name may be a whole address: over plain http its SDK puts it there as it is. */
@Controller('v1beta/files')
export class GeminiFilesController {
  constructor(
    private readonly files: GoogleFiles,
    private readonly generated: GeneratedFiles,
  ) {}

  /** The caller's own: `pageSize`, `pageToken`. */
  @Get()
  list(@Req() request: FastifyRequest) {
    return this.files.list(request);
  }

  @Get('*')
  async get(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { name, digits } = fileOf(request);
    // What was sent is not given back, as at Google: only what was made.
    if (name.endsWith(':download')) return this.generated.send(digits, request, reply);
    const found = (await this.files.find(digits, request)) ?? (await this.generated.find(digits, request));
    if (!found) throw missingFile(digits);
    await reply.send(found);
  }

  @Delete('*')
  remove(@Req() request: FastifyRequest) {
    return this.files.remove(fileOf(request).digits, request);
  }
}

function fileOf({ url }: FastifyRequest): { name: string; digits: string } {
  const name = (url.split('?')[0] ?? '').replace(/^\/v1beta\/files\//, '').replaceAll(/%3a/gi, ':');
  const digits = digitsIn(name);
  if (digits === undefined) throw missingFile(name);
  return { name, digits };
}
