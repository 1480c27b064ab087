import type { Usage } from './chat-part.js';
import type { JsonObject } from './json.js';

export type SpeechFormat = 'mp3' | 'opus' | 'aac' | 'flac' | 'wav' | 'pcm';

/** A text to be spoken. */
export interface SpeechRequest {
  model: string;
  input: string;
  /** A name, or `{id}` for a voice of the caller's own. */
  voice: string | JsonObject;
  /** How it is to be said. */
  instructions?: string;
  format: SpeechFormat;
  speed?: number;
}

/** The sound as it comes, in pieces that are one file when put together. */
export type SpeechPart =
  /** `mediaType` is what the upstream says it sends. */
  | { type: 'start'; model?: string; mediaType?: string }
  | { type: 'speech-delta'; base64: string }
  | { type: 'usage'; usage: Usage };
