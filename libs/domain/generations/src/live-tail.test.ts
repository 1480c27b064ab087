import type { Part, PartRecord } from '@sluice/contracts/part';
import { describe, expect, it } from 'vitest';
import { LiveTail } from './live-tail.js';

const text = (sequence: number): PartRecord => ({
  sequence,
  part: { type: 'text-delta', choice: 0, text: String(sequence) },
});
const end = (sequence: number): PartRecord => ({ sequence, part: { type: 'succeeded' } });

async function sequencesOf(tail: LiveTail): Promise<number[]> {
  const seen: number[] = [];
  for await (const records of tail) seen.push(...records.map(({ sequence }) => sequence));
  return seen;
}

describe('LiveTail', () => {
  it('passes parts on in order and ends with the terminal one', async () => {
    const tail = new LiveTail('gen', 0, () => {});
    expect(tail.offer([text(1), text(2)])).toBe(true);
    expect(tail.offer([end(3)])).toBe(true);
    expect(await sequencesOf(tail)).toEqual([1, 2, 3]);
  });

  it('drops what was seen and keeps the new end of an overlapping batch', async () => {
    const tail = new LiveTail('gen', 0, () => {});
    tail.offer([text(1), text(2)]);
    tail.offer([text(1)]);
    tail.offer([text(2), text(3), end(4)]);
    expect(await sequencesOf(tail)).toEqual([1, 2, 3, 4]);
  });

  it('reports a gap and does not skip it', async () => {
    const tail = new LiveTail('gen', 0, () => {});
    tail.offer([text(1)]);
    expect(tail.offer([text(3)])).toBe(false);
    tail.offer([text(2), text(3), end(4)]);
    expect(await sequencesOf(tail)).toEqual([1, 2, 3, 4]);
  });

  it('starts after the place of its reader', async () => {
    const tail = new LiveTail('gen', 2, () => {});
    tail.offer([text(1), text(2), text(3), end(4)]);
    expect(await sequencesOf(tail)).toEqual([3, 4]);
  });

  it('throws a failure after what was taken before it', async () => {
    const tail = new LiveTail('gen', 0, () => {});
    tail.offer([text(1)]);
    tail.fail(new Error('lost'));
    const seen: Part[] = [];
    await expect(async () => {
      for await (const records of tail) seen.push(...records.map(({ part }) => part));
    }).rejects.toThrow('lost');
    expect(seen).toHaveLength(1);
  });

  it('tells its owner once that it is closed', () => {
    let closed = 0;
    const tail = new LiveTail('gen', 0, () => (closed += 1));
    tail.offer([end(1)]);
    tail.close();
    expect(closed).toBe(1);
  });
});
