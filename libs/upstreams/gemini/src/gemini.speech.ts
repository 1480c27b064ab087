import type { ChatPart, Usage } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { SpeechFormat, SpeechPart, SpeechRequest } from '@sluice/contracts/speech';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import { encodeSpeech } from '@sluice/wire-gemini-generate/encode-speech';
import { ask } from './gemini.chat.js';
import type { GeminiCredential } from './gemini.credential.js';
import { refusedContent } from './refused-content.js';
import { SoundConverter } from './sound-converter.js';
import type { SoundFormat } from './sound-encoder.js';

type Context = UpstreamContext<GeminiCredential>;

/** The model sends headerless sound: it becomes the file that was asked for, as it comes where the format permits. */
export async function* speak(request: SpeechRequest, context: Context): AsyncGenerator<SpeechPart, void, undefined> {
  const format = formatOf(request.format);
  const converter = new SoundConverter(format);
  const told: Told = { text: '' };
  // A file whose head tells its length is sent at the end all the same.
  const parts = ask(encodeSpeech(request), { ...context, isStreamed: format !== 'wav' });
  for await (const part of parts) {
    note(part, told);
    if (part.type !== 'audio-delta') continue;
    if (!converter.hasSound) yield { type: 'start', mediaType: TYPES[format], model: told.model ?? context.model };
    const { data, mimeType } = part.audio;
    const ready = await converter.add(Buffer.from(String(data), 'base64'), String(mimeType));
    if (ready.length > 0) yield delta(ready);
  }
  if (!converter.hasSound) throw silence(told);
  const rest = converter.end();
  if (rest.length > 0) yield delta(rest);
  if (told.usage !== undefined) yield { type: 'usage', usage: told.usage };
}

const TYPES: Readonly<Record<SoundFormat, string>> = { mp3: 'audio/mpeg', wav: 'audio/wav', pcm: 'audio/pcm' };
const FORMATS = new Set<SpeechFormat>(['mp3', 'wav', 'pcm']);

function formatOf(format: SpeechFormat): SoundFormat {
  if (isSoundFormat(format)) return format;
  const param = 'response_format';
  const message = `'${param}': this model's speech can be had as 'mp3', 'wav' or 'pcm', not as '${format}'.`;
  throw new GatewayError('unsupported', message, { param, saw: 'nothing' });
}

function isSoundFormat(format: SpeechFormat): format is SoundFormat {
  return FORMATS.has(format);
}

/** What is known of an answer beside its sound. */
interface Told {
  text: string;
  model?: string;
  usage?: Usage;
  finish?: Extract<ChatPart, { type: 'finish' }>;
}

function note(part: ChatPart, told: Told): void {
  if (part.type === 'text-delta') told.text += part.text;
  else if (part.type === 'usage') told.usage = part.usage;
  else if (part.type === 'finish') told.finish = part;
  else if (part.type === 'start' && part.model !== undefined) told.model = part.model;
}

function delta(bytes: Uint8Array): SpeechPart {
  return { type: 'speech-delta', base64: Buffer.from(bytes).toString('base64') };
}

function silence({ text, finish }: Told): GatewayError {
  if (finish?.reason === 'content-filter')
    return refusedContent('speech', { native: finish.native, text, promptField: 'input' });
  return new GatewayError('upstream_bad_answer', 'The model answered without any sound.', { saw: 'refused' });
}
