import type { JsonObject } from './json.js';
import type { ResultFile, StoredMedia } from './stored-media.js';

/** What the event log of a durable generation tells beside its attempts and its end. */
export type DurablePart =
  /** 0–100, growing. */
  | { type: 'progress'; progress: number }
  /** A preview of the picture with this index, in our store until the generation ends. `number` counts them from 0. */
  | { type: 'partial'; index: number; number: number; media: StoredMedia }
  /** The files lie in our store; told right before `succeeded`. */
  | { type: 'result'; files: ResultFile[]; facts: JsonObject };
