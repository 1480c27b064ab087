import type { createHash } from 'node:crypto';
import type { Puzzle } from './web.proof-of-work.js';

export interface PuzzleTask extends Puzzle {
  /** What the attempts are made of: the fourth and the tenth value count them. */
  values: readonly unknown[];
  attempts: number;
}

/**
 * The first of the attempts that passes, in base64; undefined where none does. It uses nothing but what it is given: a thread is
 * started with its text.
 */
export function solvePuzzle(
  { seed, difficulty, values, attempts }: PuzzleTask,
  hash: typeof createHash,
): string | undefined {
  const limit = Buffer.from(difficulty, 'hex');
  const json = (from: number, to: number): string =>
    values
      .slice(from, to)
      .map((value) => JSON.stringify(value))
      .join(',');
  const [head, middle, tail] = [json(0, 3), json(4, 9), json(10, values.length)];
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const step = Math.floor((attempt + 29) / 30);
    const text = Buffer.from(`[${head},${attempt},${middle},${step},${tail}]`).toString('base64');
    const digest = hash('sha3-512').update(seed).update(text).digest();
    if (digest.subarray(0, limit.length).compare(limit) <= 0) return text;
  }
  return undefined;
}
