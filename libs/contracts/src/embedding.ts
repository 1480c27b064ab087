import type { Usage } from './chat-part.js';
import type { JsonObject } from './json.js';

/** Texts, or texts already cut into token numbers. */
export interface EmbedRequest {
  model: string;
  inputs: (string | number[])[];
  dimensions?: number;
  endUser?: string;
  providerOptions?: Record<string, JsonObject>;
}

/** Vectors travel as little-endian float32 in base64: a quarter of the bytes of JSON numbers, and exact. */
export type EmbedPart =
  | { type: 'start'; model?: string }
  | { type: 'embedding'; index: number; base64: string }
  | { type: 'usage'; usage: Usage };
