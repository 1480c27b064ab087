import type { JsonObject } from '@sluice/contracts/json';
import type { ResponseFrame } from './encode-frame.js';
import type { Outcome } from './encode-outcome.js';

/** The whole object; without an outcome, as it stands while nothing has been decided. */
export function encodeResponse({ response }: ResponseFrame, outcome?: Outcome): JsonObject {
  return outcome === undefined ? response : { ...response, ...outcome.members, output: outcome.output };
}
