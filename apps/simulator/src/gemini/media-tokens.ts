import type { Content, Part } from './generate-request.js';

export interface ModalityTokens {
  readonly modality: 'IMAGE' | 'AUDIO' | 'VIDEO' | 'DOCUMENT';
  readonly tokenCount: number;
}

const PICTURE_TOKENS = 258;
const SOUND_TOKENS_PER_SECOND = 32;
const FILM_TOKENS_PER_SECOND = 263;
const SOUND_BYTES_PER_SECOND = 16_000;
const FILM_BYTES_PER_SECOND = 125_000;
/** Of what lies elsewhere nothing is known. */
const LINKED_BYTES = 1_250_000;

/** What pictures, sounds and films in the contents cost, each kind in a line. */
export function mediaTokens(contents: readonly Content[]): ModalityTokens[] {
  const counted = new Map<ModalityTokens['modality'], number>();
  for (const part of contents.flatMap(({ parts = [] }) => parts)) {
    const found = countPart(part);
    if (found !== undefined) counted.set(found.modality, (counted.get(found.modality) ?? 0) + found.tokenCount);
  }
  return [...counted].map(([modality, tokenCount]) => ({ modality, tokenCount }));
}

function countPart({ inlineData, fileData }: Part): ModalityTokens | undefined {
  if (inlineData !== undefined)
    return count(
      inlineData.mimeType,
      Buffer.from(inlineData.data.slice(0, 64), 'base64'),
      inlineData.data.length * 0.75,
    );
  return fileData && count(fileData.mimeType ?? 'video/*', Buffer.alloc(0), LINKED_BYTES);
}

function count(mimeType: string, head: Buffer, bytes: number): ModalityTokens {
  const at = (bytesPerSecond: number, tokens: number) => Math.ceil(Math.max(1, bytes / bytesPerSecond) * tokens);
  if (mimeType.startsWith('image/')) return { modality: 'IMAGE', tokenCount: PICTURE_TOKENS };
  if (mimeType.startsWith('video/'))
    return { modality: 'VIDEO', tokenCount: at(FILM_BYTES_PER_SECOND, FILM_TOKENS_PER_SECOND) };
  if (!mimeType.startsWith('audio/')) return { modality: 'DOCUMENT', tokenCount: PICTURE_TOKENS };
  const isWav = head.length >= 32 && head.toString('latin1', 0, 4) === 'RIFF';
  const bytesPerSecond = isWav ? Math.max(1, head.readUInt32LE(28)) : SOUND_BYTES_PER_SECOND;
  return { modality: 'AUDIO', tokenCount: at(bytesPerSecond, SOUND_TOKENS_PER_SECOND) };
}
