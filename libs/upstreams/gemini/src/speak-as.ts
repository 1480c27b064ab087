import type { ChatRequest } from '@sluice/contracts/chat';
import type { ChatPart } from '@sluice/contracts/chat-part';
import { GatewayError } from '@sluice/contracts/gateway-error';
import type { UpstreamContext } from '@sluice/upstream-kit/upstream-context';
import type { GeminiCredential } from './gemini.credential.js';
import { SoundConverter } from './sound-converter.js';
import type { SoundFormat } from './sound-encoder.js';

type AudioOutput = NonNullable<ChatRequest['audioOutput']>;

interface Spoken {
  parts: AsyncIterable<ChatPart>;
  context: UpstreamContext<GeminiCredential>;
}

/** An answer that speaks, with its sound in the format that was asked for, as OpenAI's clients read it. */
export function speakAs({ format }: AudioOutput, spoken: Spoken): AsyncIterable<ChatPart> {
  const known = FORMATS.get(format);
  if (known === undefined) throw unknownFormat(format);
  return convert(spoken, new SoundConverter(known));
}

const FORMATS = new Map<string, SoundFormat>([
  ['pcm16', 'pcm'],
  ['wav', 'wav'],
  ['mp3', 'mp3'],
]);

async function* convert({ parts, context }: Spoken, converter: SoundConverter): AsyncGenerator<ChatPart> {
  const pieces = new Base64Pieces();
  for await (const part of parts) {
    if (part.type === 'audio-delta') {
      if (!converter.hasSound) yield opening(part.choice, context);
      const { data, mimeType } = part.audio;
      const ready = await converter.add(Buffer.from(String(data), 'base64'), String(mimeType));
      yield* deltas(part.choice, pieces.add(ready));
      continue;
    }
    // These models speak one answer, never several.
    if (part.type === 'finish') yield* deltas(part.choice, pieces.end(converter.end()));
    yield part;
  }
}

/** Nothing keeps it, so nobody can go on from it by its id. */
function opening(choice: number, { generationId, clock }: Spoken['context']): ChatPart {
  const expiresAt = Math.floor(clock.now() / 1_000);
  return { type: 'audio-delta', choice, audio: { id: `audio_${generationId}`, transcript: '', expires_at: expiresAt } };
}

function deltas(choice: number, data: string): ChatPart[] {
  return data === '' ? [] : [{ type: 'audio-delta', choice, audio: { data } }];
}

/** Clients put the texts together before they read them: each but the last holds whole groups of three bytes. */
class Base64Pieces {
  private rest: Buffer = Buffer.alloc(0);

  add(bytes: Uint8Array): string {
    const all = Buffer.concat([this.rest, bytes]);
    const whole = all.length - (all.length % GROUP_BYTES);
    this.rest = all.subarray(whole);
    return all.toString('base64', 0, whole);
  }

  end(bytes: Uint8Array): string {
    const last = Buffer.concat([this.rest, bytes]);
    this.rest = Buffer.alloc(0);
    return last.toString('base64');
  }
}

const GROUP_BYTES = 3;

function unknownFormat(format: string): GatewayError {
  const param = 'audio.format';
  const message = `'${param}': this model's speech can be had as 'pcm16', 'wav' or 'mp3', not as '${format}'.`;
  return new GatewayError('unsupported', message, { param, saw: 'nothing' });
}
