import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { percentilesOf } from './percentiles.js';
import type { Percentiles } from './percentiles.js';

const rounds = 200;
const blockBytes = 4096;

/** Milliseconds of one 4 kB write and fsync on the disk that the targets write to. */
export async function measureFsyncMs(): Promise<Percentiles | null> {
  const folder = await mkdtemp(path.join(tmpdir(), 'sluice-bench-fsync-'));
  const file = await open(path.join(folder, 'probe'), 'w');
  const block = Buffer.alloc(blockBytes, 120);
  const samples: number[] = [];
  try {
    for (let round = 0; round < rounds; round += 1) {
      const startedAt = performance.now();
      await file.write(block);
      await file.sync();
      samples.push(performance.now() - startedAt);
    }
  } finally {
    await file.close();
    await rm(folder, { recursive: true });
  }
  return percentilesOf(samples);
}
