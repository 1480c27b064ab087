import type { ChatPart, LifecyclePart } from './chat-part.js';
import type { DurablePart } from './durable-part.js';
import type { EmbedPart } from './embedding.js';
import type { ModerationPart } from './moderation.js';
import type { SpeechPart } from './speech.js';
import type { TranscriptionPart } from './transcription.js';

/** Anything a generation's event log can hold. */
export type Part = ChatPart | EmbedPart | SpeechPart | TranscriptionPart | ModerationPart | DurablePart | LifecyclePart;

/** A part in its place: sequence numbers start at 1 and have no gaps. */
export interface PartRecord {
  sequence: number;
  part: Part;
}

const TERMINAL = new Set<Part['type']>(['succeeded', 'failed', 'cancelled']);

/** Exactly one terminal part ends every log. */
export function isTerminal(part: Part): part is Extract<LifecyclePart, { type: 'succeeded' | 'failed' | 'cancelled' }> {
  return TERMINAL.has(part.type);
}
