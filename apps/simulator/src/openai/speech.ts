import { z } from 'zod';
import { admit } from '../faults/admit.js';
import type { Handler } from '../vendor.js';
import { refuseMissingModel } from './models.js';
import { readJsonBody } from './read-json-body.js';
import { soundOf, soundTypes } from './sound.js';

const speechRequestSchema = z.looseObject({
  model: z.string().min(1),
  input: z.string().min(1).max(4096),
  voice: z.union([z.string().min(1), z.looseObject({ id: z.string() })]),
  response_format: z.enum(['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm']).nullish(),
});

const pieceBytes = 4096;

/** POST /v1/audio/speech: a tone, the longer the text the longer. */
export const handleSpeech: Handler = async (exchange, context) => {
  const { text, value: request } = await readJsonBody(exchange, speechRequestSchema);
  const subject = { model: request.model, prompt: request.input, bodyBytes: text.length };
  const { answered, fault } = await admit(exchange, context, subject);
  if (answered) return;
  refuseMissingModel(request.model);

  const format = request.response_format ?? 'mp3';
  const sound = soundOf(format, request.input);
  const { response } = exchange;
  response.writeHead(fault?.status ?? 200, { 'content-type': soundTypes[format] });
  exchange.markFirstByte();
  const end = fault?.cutAfter === undefined ? sound.length : Math.floor(sound.length / 2);
  for (let offset = 0; offset < end; offset += pieceBytes) {
    const piece = sound.subarray(offset, Math.min(offset + pieceBytes, end));
    await new Promise<void>((resolve) => response.write(piece, () => resolve()));
  }
  if (end < sound.length) exchange.hangUp();
  else response.end();
};
