import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { JsonObject } from '@sluice/contracts/json';
import type { TranscriptionPart, TranscriptionRequest } from '@sluice/contracts/transcription';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { mediaTypeFor } from '@sluice/wire-gemini-generate/media-type';
import { ask } from './gemini.chat.js';
import type { GeminiCredential } from './gemini.credential.js';
import { refusedContent } from './refused-content.js';

type Context = UpstreamContext<GeminiCredential>;

const MEBIBYTE = 1024 * 1024;
/** In base64 it is a third more, and the request may be 100 MB. */
const MOST_BYTES = 72 * MEBIBYTE;

/** A model that hears is asked to write down what it hears: it has no call for that, and knows no times. */
export async function* transcribe(
  request: TranscriptionRequest,
  context: Context,
): AsyncGenerator<TranscriptionPart, void, undefined> {
  refuseUnknown(request);
  const body = await encode(request, context);
  let text = '';
  let usage: Extract<ChatPart, { type: 'usage' }> | undefined;
  for await (const part of ask(body, context)) {
    if (part.type === 'start') yield { type: 'start', model: part.model ?? context.model };
    if (part.type === 'usage') usage = part;
    if (part.type === 'finish' && part.reason === 'content-filter')
      throw refusedContent('transcript', { native: part.native, text, promptField: 'file' });
    if (part.type !== 'text-delta' || part.text === '') continue;
    text += part.text;
    yield { type: 'transcript-delta', text: part.text };
  }
  yield { type: 'transcript', transcript: { text: text.trim() } };
  if (usage !== undefined) yield usage;
}

async function encode(request: TranscriptionRequest, { readMedia }: Context): Promise<JsonObject> {
  const { audio, temperature } = request;
  const pieces: Uint8Array[] = [];
  for await (const piece of readMedia(audio)) pieces.push(piece);
  const inlineData = {
    mimeType: mediaTypeFor(audio.mediaType, audio.filename),
    data: Buffer.concat(pieces).toString('base64'),
  };
  return {
    contents: [{ role: 'user', parts: [{ inlineData }, { text: wordsOf(request) }] }],
    ...(temperature !== undefined && { generationConfig: { temperature } }),
  };
}

function wordsOf({ task, language, prompt }: TranscriptionRequest): string {
  const spoken = language === undefined ? '' : ` The language is '${language}'.`;
  const goal = task === 'translate' ? 'in English, whatever its language is' : 'word for word, in its own language';
  const hint = prompt === undefined || prompt === '' ? '' : ` For context and spelling: ${prompt}`;
  return `Write down what is said in this recording, ${goal}.${spoken} Answer with the text alone.${hint}`;
}

function refuseUnknown({ audio, detail, withLogprobs }: TranscriptionRequest): void {
  if (detail !== 'text') throw unsupported('response_format', 'this model tells no times and no speakers');
  if (withLogprobs === true) throw unsupported('include', 'this model tells no logprobs of a transcript');
  if (audio.bytes <= MOST_BYTES) return;
  throw new GatewayError('too_large', `'file': this model hears at most ${MOST_BYTES} bytes at once.`, {
    param: 'file',
    saw: 'nothing',
  });
}

function unsupported(param: string, why: string): GatewayError {
  return new GatewayError('unsupported', `'${param}': ${why}.`, { param, saw: 'nothing' });
}
