import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { TranscriptionRequest } from '@sluice/contracts/transcription';
import { MediaIntake } from '@sluice/domain-assets/media-intake';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AnswerService } from '../generations/answer.service.js';
import { readMultipart, type MultipartForm } from '../media/read-multipart.js';
import { speechEndpoint } from './speech.endpoint.js';
import { transcriptionEndpoint } from './transcription.endpoint.js';

/** OpenAI's audio paths; `/api/v1` are their aliases. */
@Controller(['v1/audio', 'api/v1/audio'])
export class AudioController {
  constructor(
    private readonly answers: AnswerService,
    private readonly intake: MediaIntake,
  ) {}

  @Post('speech')
  @HttpCode(200)
  createSpeech(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.answers.answer(speechEndpoint, request, reply);
  }

  @Post('transcriptions')
  @HttpCode(200)
  createTranscription(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.writeDown('transcribe', request, reply);
  }

  @Post('translations')
  @HttpCode(200)
  createTranslation(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    return this.writeDown('translate', request, reply);
  }

  /** The sound lies in the media store for as long as the answer takes. */
  private async writeDown(
    task: TranscriptionRequest['task'],
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    if (!request.isMultipart()) throw noForm();
    const accept = (field: string) => (field === 'file' ? ('audio' as const) : undefined);
    const form = await readMultipart(request, { intake: this.intake, accept });
    try {
      await this.answers.answer(transcriptionEndpoint({ ...toFields(form), task }), request, reply);
    } finally {
      await this.intake.discard(form.files.map(({ media }) => media));
    }
  }
}

function toFields({ fields, files }: MultipartForm) {
  const [file] = files;
  if (!file) throw missing('file');
  if (files.length > 1) throw invalid("Invalid 'file': one file at a time.", 'invalid_value');
  const byName = new Map<string, string[]>();
  for (const { name, value } of fields) byName.set(name, [...(byName.get(name) ?? []), value]);
  return { fields: byName, audio: file.media };
}

function noForm(): GatewayError {
  return new GatewayError('unsupported_media_type', "Send the sound as multipart/form-data, in the field 'file'.", {
    param: 'file',
  });
}

function missing(field: string): GatewayError {
  return invalid(`Missing required parameter: '${field}'.`, 'missing_required_parameter');
}

function invalid(message: string, reason: string): GatewayError {
  return new GatewayError('invalid_request', message, { param: 'file', reason });
}
