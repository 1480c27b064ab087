import type { JsonObject } from '@sluice/contracts/json';
import type { ResponseFrame } from './encode-frame.js';
import type { Outcome } from './encode-outcome.js';

/** Where a response stands that has not ended. */
export type Standing = 'queued' | 'in_progress';

/** The whole object. */
export function encodeResponse({ response }: ResponseFrame, outcome: Outcome): JsonObject {
  return { ...response, ...outcome.members, output: outcome.output };
}

/** The object while nothing has been decided. */
export function encodeRunning({ response }: ResponseFrame, standing: Standing): JsonObject {
  return { ...response, status: standing };
}
