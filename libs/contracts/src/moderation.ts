import type { Json, JsonObject } from './json.js';

/** Texts or pictures to be judged. There is one protocol for it, so its input and its verdicts travel as they are. */
export interface ModerationRequest {
  model: string;
  input: Json;
}

export type ModerationPart = { type: 'start'; model?: string } | { type: 'verdicts'; results: JsonObject[] };
