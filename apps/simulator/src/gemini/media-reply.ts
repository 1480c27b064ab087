import { withoutMarkers } from '../faults/read-markers.js';
import { countWords } from '../openai/words.js';
import type { ReplySource } from './plan-reply.js';
import { samplePicture } from './sample-picture.js';
import { sign } from './signature.js';
import { SOUND_RATE, toneFor, toWav } from './tone.js';

export interface MediaReply {
  /** Parts of the first candidate's content. */
  readonly parts: readonly Record<string, unknown>[];
  /** As a stream sends them, each in an event of its own. */
  readonly pieces: readonly Record<string, unknown>[];
  readonly modality: 'IMAGE' | 'AUDIO';
  readonly tokens: number;
  /** Whether words come beside. */
  readonly talks: boolean;
}

const PICTURE_TOKENS = 1_290;
const TOKENS_PER_SECOND = 25;
const PIECES = 4;
const SAMPLE_BYTES = 2;

/** What a model shows or speaks; undefined where it only talks. */
export function planMedia(source: ReplySource): MediaReply | undefined {
  const { family, request, fault } = source;
  if (family.speaks) return speech(source);
  const modalities = request.generationConfig.responseModalities?.map((modality) => modality.toUpperCase());
  const isWanted = modalities === undefined || modalities.includes('IMAGE');
  const isHeldBack = fault?.finish?.includes('IMAGE') === true;
  if (family.paints !== 'content' || !isWanted || fault?.noPicture || fault?.echoRequest) return undefined;
  return { ...(isHeldBack ? nothing : picture(source)), talks: !isHeldBack && modalities?.includes('TEXT') !== false };
}

const nothing = { parts: [], pieces: [], modality: 'IMAGE' as const, tokens: 0 };

function picture({ request, conversation, family }: ReplySource): Omit<MediaReply, 'talks'> {
  const { imageConfig = {}, thinkingConfig } = request.generationConfig;
  const about = `${withoutMarkers(conversation.prompt)} ${conversation.attachments.join(' ')}`;
  const part = (text: string, more: Record<string, unknown>) => ({
    inlineData: { mimeType: 'image/png', data: samplePicture(text, imageConfig).toString('base64') },
    ...more,
  });
  // A sketch on the way to the picture.
  const sketches = thinkingConfig?.includeThoughts === true ? [part(`sketch of ${about}`, { thought: true })] : [];
  const parts = [...sketches, part(about, family.signs ? { thoughtSignature: sign('image') } : {})];
  return {
    parts,
    pieces: parts,
    modality: 'IMAGE',
    tokens: PICTURE_TOKENS,
  };
}

/** Cut as a stream sends it, also within a sample. */
function speech({ conversation, family }: ReplySource): MediaReply {
  const samples = toneFor(countWords(withoutMarkers(conversation.prompt)));
  const seconds = samples.length / SAMPLE_BYTES / SOUND_RATE;
  const isFile = family.version >= FIRST_WITH_FILES;
  const mimeType = isFile ? 'audio/wav' : `audio/L16;codec=pcm;rate=${SOUND_RATE}`;
  const whole = isFile ? toWav(samples) : samples;
  const part = (bytes: Buffer) => ({ inlineData: { mimeType, data: bytes.toString('base64') } });
  return {
    parts: [part(whole)],
    pieces: (isFile ? [whole] : cut(samples)).map(part),
    modality: 'AUDIO',
    tokens: Math.ceil(seconds * TOKENS_PER_SECOND),
    talks: false,
  };
}

const FIRST_WITH_FILES = 3.1;

function cut(samples: Buffer): Buffer[] {
  const bytes = Math.ceil(samples.length / PIECES) + 1;
  return Array.from({ length: PIECES }, (_, index) => samples.subarray(index * bytes, (index + 1) * bytes));
}
