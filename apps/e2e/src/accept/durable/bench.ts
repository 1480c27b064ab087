import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { REPOSITORY } from '../../harness/start-sluice.js';
import type { Check } from '../capability.js';
import { runToEnd } from '../spine/run-to-end.js';

const LIMIT_MS = 600_000;

const resultSchema = z.looseObject({
  lines: z.array(z.object({ title: z.string(), figures: z.string(), isMet: z.boolean() })).min(1),
});

/** One check for each line of `npm run bench -- durable`, which runs first. */
export async function benchChecks(): Promise<Check[]> {
  const lines = await measure();
  return lines.map(({ title, figures, isMet }) => ({
    title,
    prove: async () => {
      assert.ok(isMet, figures);
      return figures;
    },
  }));
}

async function measure(): Promise<z.infer<typeof resultSchema>['lines']> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-accept-bench-'));
  const outFile = join(folder, 'result.json');
  try {
    const args = ['apps/bench/dist/main.js', 'durable', '--out', outFile];
    const run = runToEnd({ command: process.execPath, args, directory: REPOSITORY, limitMs: LIMIT_MS });
    // Figures that miss end it with an error, and are in the file all the same.
    const failure = await run.then(
      () => undefined,
      (error: unknown) => error,
    );
    const text = await readFile(outFile, 'utf8').catch(() => {
      throw failure;
    });
    return resultSchema.parse(JSON.parse(text)).lines;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
