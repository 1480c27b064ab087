import { randomHex } from './generation-id.js';

const PATTERN = /^file-([0-9a-f]{12})[0-9a-f]{20}$/;

/** The time of creation leads the id, so that it is a cursor as well. */
export function createClientFileId(createdAtMs: number): string {
  return `file-${createdAtMs.toString(16).padStart(12, '0')}${randomHex(20)}`;
}

/** When the file was made, or undefined for a string that is no id of ours: vendors have ids that look alike. */
export function clientFileTimeMs(id: string): number | undefined {
  const digits = PATTERN.exec(id)?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits, 16);
}
