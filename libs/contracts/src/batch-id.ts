import { randomHex } from './generation-id.js';

const PATTERN = /^batch_([0-9a-f]{12})[0-9a-f]{20}$/;

/** The time of creation leads the id, so that it is a cursor as well. */
export function createBatchId(createdAtMs: number): string {
  return `batch_${createdAtMs.toString(16).padStart(12, '0')}${randomHex(20)}`;
}

/** When the batch was made, or undefined for a string that is no id of ours. */
export function batchTimeMs(id: string): number | undefined {
  const digits = PATTERN.exec(id)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}
