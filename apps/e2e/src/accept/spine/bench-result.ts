import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { REPOSITORY } from '../../harness/start-sluice.js';
import { runToEnd } from './run-to-end.js';

const percentilesSchema = z.looseObject({ p50: z.number(), p99: z.number() }).nullable();

const measurementSchema = z.looseObject({
  target: z.string(),
  scenario: z.string(),
  turn: z.number(),
  completed: z.number(),
  requestsPerSecond: z.number(),
  latencyMs: percentilesSchema,
  firstChunkMs: percentilesSchema,
  chunkDelayMs: percentilesSchema,
});

const benchSchema = z.object({
  measurements: z.array(measurementSchema),
  idleStreams: z.array(
    z.looseObject({
      target: z.string(),
      streams: z.number(),
      completed: z.number(),
      chunks: z.looseObject({ lost: z.number(), reordered: z.number() }),
      peakRssBytes: z.record(z.string(), z.number()),
    }),
  ),
});
export type BenchResult = z.infer<typeof benchSchema>;
export type Measured = z.infer<typeof measurementSchema>;

const BENCH_LIMIT_MS = 900_000;

/** Runs the benchmark in its sample form and answers its raw figures. */
export async function runBench(args: readonly string[]): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-accept-bench-'));
  const outFile = join(folder, 'result.json');
  try {
    const bench = ['apps/bench/dist/main.js', '--quick', ...args, '--out', outFile];
    await runToEnd({ command: process.execPath, args: bench, directory: REPOSITORY, limitMs: BENCH_LIMIT_MS });
    return benchSchema.parse(JSON.parse(await readFile(outFile, 'utf8')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Over all turns that both had; a turn's measurements are neighbours in time, so that a slow minute of the machine cancels out. */
export function medianOfTurns(
  { measurements }: BenchResult,
  { scenario, target, base = target }: { scenario: string; target: string; base?: string },
  figure: (measured: Measured, other: Measured) => number | undefined,
): number {
  const inScenario = measurements.filter((one) => one.scenario === scenario && one.completed > 0);
  const figures = inScenario
    .filter((one) => one.target === target)
    .flatMap((one) => {
      const other = inScenario.find(({ target: name, turn }) => name === base && turn === one.turn);
      return (other && figure(one, other)) ?? [];
    })
    .sort((first, second) => first - second);
  const [low, high] = [figures[(figures.length - 1) >> 1], figures[figures.length >> 1]];
  if (low === undefined || high === undefined)
    throw new Error(`the benchmark has no figure for ${target} beside ${base}, ${scenario}`);
  return (low + high) / 2;
}
