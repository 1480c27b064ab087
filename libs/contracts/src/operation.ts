import type { JsonObject } from './json.js';

/**
 * An upstream's handle for long work. Opaque to all but its adapter, and kept in the generation's row. Its `id` names
 * the work: every step of one operation has the same, and no other operation at the same base URL has it.
 */
export type Operation = JsonObject;

/** What tells one operation from another at the same upstream; an intent's `owned` holds these. */
export function operationKey(operation: Operation): string {
  return typeof operation.id === 'string' ? operation.id : JSON.stringify(operation);
}
