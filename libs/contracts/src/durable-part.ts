import type { JsonObject } from './json.js';
import type { ResultFile } from './stored-media.js';

/** What the event log of a durable generation tells beside its attempts and its end. */
export type DurablePart =
  /** 0–100, growing. */
  | { type: 'progress'; progress: number }
  /** The files lie in our store; told right before `succeeded`. */
  | { type: 'result'; files: ResultFile[]; facts: JsonObject };
