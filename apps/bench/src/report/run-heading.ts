import type { BenchRun } from '../measurement.js';
import { formatNumber } from './format-number.js';

/** Where, when and how: without it the figures mean nothing. */
export function runHeading({ machine, ...run }: BenchRun): string[] {
  const memory = `${Math.round(machine.memoryBytes / 1e9)} GB`;
  return [
    `${run.startedAt}, node ${machine.node}, ${machine.platform}, ${machine.cores} cores (${machine.cpu}), ${memory}`,
    `write + fsync of 4 kB: median ${formatNumber(machine.fsyncMs?.p50)} ms, p99 ${formatNumber(machine.fsyncMs?.p99)} ms; ` +
      `load average before the run ${formatNumber(machine.loadBefore)}`,
    `seed ${run.seed}; started anew ${run.repetitions} times, ${run.turns} turns of ${run.secondsPerScenario} s each; median (lowest–highest); ` +
      'generator and stand-in run on the same cores; CPU and RSS are of all of the target’s processes; ' +
      'idle and others: share of the machine left unused, and used by processes outside the bench',
  ];
}
