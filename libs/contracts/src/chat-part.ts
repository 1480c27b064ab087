import type { Dialect } from './dialect.js';
import type { ErrorData } from './gateway-error.js';
import type { Json, JsonObject } from './json.js';

/**
 * One event of an answer, as an adapter yields it. `choice` counts the alternatives from 0.
 * Order per choice: text, reasoning and tool deltas as they come, then exactly one `finish`;
 * `usage` is cumulative, so the last one counts.
 */
export type ChatPart =
  | { type: 'start'; model?: string; upstreamId?: string; serviceTier?: string; fingerprint?: string }
  | { type: 'text-delta'; choice: number; text: string; logprobs?: JsonObject }
  | { type: 'reasoning-delta'; choice: number; text: string }
  | { type: 'reasoning-signature'; choice: number; signature: string }
  | { type: 'redacted-reasoning'; choice: number; data: string }
  | { type: 'refusal-delta'; choice: number; text: string }
  /** `index` counts the calls of one choice from 0 and stays with the call. */
  | {
      type: 'tool-input-start';
      choice: number;
      index: number;
      id: string;
      name: string;
      custom?: true;
      signature?: string;
    }
  | { type: 'tool-input-delta'; choice: number; index: number; delta: string }
  | { type: 'audio-delta'; choice: number; audio: JsonObject }
  | { type: 'annotations'; choice: number; annotations: Json[] }
  /** A whole picture, in its place between the text. */
  | { type: 'image'; choice: number; mediaType: string; base64: string; signature?: string }
  /** What no other part has a word for: only the encoder of the same dialect reads it. */
  | { type: 'native'; choice: number; dialect: Dialect; data: JsonObject }
  /** `stopSequence` is the one that was met, where the upstream tells it. */
  | { type: 'finish'; choice: number; reason: FinishReason; native?: string; stopSequence?: string }
  | { type: 'usage'; usage: Usage };

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter';

/** Tokens. `input` includes what was read from and written to a cache; `output` includes reasoning. */
export interface Usage {
  inputTokens: number;
  outputTokens: number;
  totalTokens: number;
  cachedInputTokens?: number;
  cacheWriteTokens?: number;
  reasoningTokens?: number;
  audioInputTokens?: number;
  audioOutputTokens?: number;
  imageInputTokens?: number;
  acceptedPredictionTokens?: number;
  rejectedPredictionTokens?: number;
}

/** What the runtime adds around an adapter's parts: who does it, and how it ended. */
export type LifecyclePart =
  | { type: 'attempt'; attempt: number; upstream: string; model: string; credentialId: string }
  | { type: 'succeeded' }
  | { type: 'failed'; error: ErrorData }
  | { type: 'cancelled'; reason: string };
