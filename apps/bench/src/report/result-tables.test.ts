import { expect, it } from 'vitest';
import type { BenchRun, Measurement } from '../measurement.js';
import { closedScenario } from '../scenario.js';
import { resultTables } from './result-tables.js';

function measurement(target: string, turn: number, figures: { rate: number; p50: number }): Measurement {
  const { rate, p50 } = figures;
  return {
    target,
    turn,
    scenario: 'plain-c1',
    completed: rate,
    requestsPerSecond: rate,
    answeredInAll: rate,
    errors: {},
    errorSamples: {},
    latencyMs: { count: rate, mean: p50, p50, p90: p50, p99: p50, p999: p50, max: p50 },
    firstChunkMs: null,
    chunkDelayMs: null,
    sendLagMs: null,
    chunks: { received: 0, lost: 0, reordered: 0, merged: 0 },
    usage: {},
    cpuSecondsPer1000: null,
    rssBytes: 0,
    harnessCpuSeconds: 0,
    machineShare: null,
  };
}

const run: BenchRun = {
  startedAt: '2026-01-01T00:00:00.000Z',
  seed: 1,
  repetitions: 1,
  turns: 2,
  secondsPerScenario: 1,
  machine: { node: 'v20', platform: 'x', cpu: 'y', cores: 2, memoryBytes: 0, loadBefore: 0, fsyncMs: null },
  measurements: [
    measurement('direct', 1, { rate: 1000, p50: 1 }),
    measurement('direct', 2, { rate: 500, p50: 2 }),
    measurement('bare', 1, { rate: 500, p50: 1.5 }),
    measurement('bare', 2, { rate: 250, p50: 2.5 }),
  ],
  idleStreams: [],
};

it('compares targets within a turn, so that a slow minute of the machine cancels out', () => {
  const [scenario, added, ratios] = resultTables(run, [closedScenario('plain', 1)]);
  expect(scenario?.rows[0]?.slice(0, 2)).toEqual(['direct', '750 (500–1000)']);
  expect(added?.rows).toEqual([['bare', '0.500', '–', '–']]);
  expect(ratios?.rows).toEqual([['plain-c1', 'bare', '2.00', '1.00']]);
});
