import type { Usage } from './chat-part.js';
import type { JsonObject } from './json.js';
import type { StoredMedia } from './stored-media.js';

/** Speech to be written down. The sound lies in our media store: it is too large for a queue job. */
export interface TranscriptionRequest {
  model: string;
  audio: StoredMedia;
  /** `translate`: written down in English. */
  task: 'transcribe' | 'translate';
  /** `timed`: with the times of segments or words; `speakers`: with who spoke; else the text alone is enough. */
  detail: 'text' | 'timed' | 'speakers';
  granularities?: ('word' | 'segment')[];
  language?: string;
  /** Words that guide the spelling. */
  prompt?: string;
  temperature?: number;
  withLogprobs?: boolean;
  /** How the sound is cut: `auto`, or the vendor's own object. */
  chunking?: string | JsonObject;
  /** Fields that only one upstream understands, by that upstream's name. */
  providerOptions?: Record<string, JsonObject>;
}

export interface TranscriptSegment {
  startSeconds: number;
  endSeconds: number;
  text: string;
  speaker?: string;
  /** What else the vendor tells of it, in its own words. */
  extra?: JsonObject;
}

export interface TranscriptWord {
  word: string;
  startSeconds: number;
  endSeconds: number;
}

/** What was said. */
export interface Transcript {
  text: string;
  language?: string;
  durationSeconds?: number;
  segments?: TranscriptSegment[];
  words?: TranscriptWord[];
  logprobs?: JsonObject[];
}

/** Deltas where the upstream streams; always exactly one `transcript`, which is the whole of it. */
export type TranscriptionPart =
  | { type: 'start'; model?: string }
  | { type: 'transcript-delta'; text: string; logprobs?: JsonObject[] }
  | { type: 'transcript-segment'; segment: TranscriptSegment }
  | { type: 'transcript'; transcript: Transcript }
  | { type: 'usage'; usage: Usage };
