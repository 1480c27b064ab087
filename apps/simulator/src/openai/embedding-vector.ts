import { seededRandom } from '../faults/seeded-random.js';

/** A vector of length one that depends on nothing but the input. */
export function embeddingVector(input: string | readonly number[], dimensions: number): Float32Array {
  const random = seededRandom(hashText(typeof input === 'string' ? input : input.join(' ')));
  const values = Float32Array.from({ length: dimensions }, () => random() * 2 - 1);
  const length = Math.hypot(...values) || 1;
  return values.map((value) => value / length);
}

/** FNV-1a over UTF-16 code units: loading node's crypto for this would cost more memory than it is worth. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
