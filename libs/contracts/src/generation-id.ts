import { randomBytes } from 'node:crypto';

const PREFIX = 'gen_';
const PATTERN = /^gen_[0-9a-f]{12}[0-9a-f]{20}$/;
const TIME_DIGITS = 12;
const RANDOM_DIGITS = 20;

/** The time of creation leads the id, so a lookup by id knows the row's partition. */
export function createGenerationId(createdAtMs: number): string {
  return PREFIX + createdAtMs.toString(16).padStart(TIME_DIGITS, '0') + randomHex(RANDOM_DIGITS);
}

/** Every id made from then on sorts after this. */
export function firstIdAt(timeMs: number): string {
  return PREFIX + timeMs.toString(16).padStart(TIME_DIGITS, '0');
}

/** When a generation was created, or undefined for a string that is no generation's id. */
export function generationTimeMs(id: string): number | undefined {
  if (!PATTERN.test(id)) return undefined;
  return Number.parseInt(id.slice(PREFIX.length, PREFIX.length + TIME_DIGITS), 16);
}

// Drawn in bulk: a draw for each id costs more than the rest of the id.
const POOL_BYTES = 4_096;
let pool = Buffer.alloc(0);
let nextByte = 0;

/** Random hexadecimal digits: an even number of them, up to 8,192. */
export function randomHex(digits: number): string {
  const bytes = digits / 2;
  if (nextByte + bytes > pool.length) {
    pool = randomBytes(POOL_BYTES);
    nextByte = 0;
  }
  nextByte += bytes;
  return pool.toString('hex', nextByte - bytes, nextByte);
}
