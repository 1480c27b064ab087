import { parseArgs } from 'node:util';

export interface ChaosOptions {
  generations: number;
  seeds: readonly number[];
  /** How many seeds run side by side, each with a Sluice and stores of its own. */
  atOnce: number;
  /** Over how long the generations are posted; faults go on for a while after. */
  loadMs: number;
  /** From the last fault until all must have come to their end. */
  quietMs: number;
  /** Without faults of ours: what the upstream does alone. */
  isCalm: boolean;
}

const MS_PER_GENERATION = 120;
/** A lost submission is looked up twice, the second time a minute after its intent. */
const QUIET_MS = 240_000;

export function readOptions(args: readonly string[], nowMs: number): ChaosOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      generations: { type: 'string', default: '300' },
      seed: { type: 'string' },
      seeds: { type: 'string' },
      'at-once': { type: 'string', default: '1' },
      'load-ms': { type: 'string' },
      calm: { type: 'boolean', default: false },
      'quiet-ms': { type: 'string', default: String(QUIET_MS) },
    },
  });
  const generations = count('generations', values.generations);
  return {
    generations,
    seeds: readSeeds(values, nowMs),
    atOnce: Math.max(1, count('at-once', values['at-once'])),
    loadMs: count('load-ms', values['load-ms'] ?? String(Math.max(10_000, generations * MS_PER_GENERATION))),
    isCalm: values.calm,
    quietMs: count('quiet-ms', values['quiet-ms']),
  };
}

/** `--seeds 1..10`, `--seed 7`, or one of the moment, which is printed. */
function readSeeds({ seed, seeds }: { seed?: string; seeds?: string }, nowMs: number): number[] {
  if (seeds === undefined) return [seed === undefined ? nowMs % 1_000_000 : count('seed', seed)];
  const [, from, to] = /^(\d+)\.\.(\d+)$/.exec(seeds) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (!(first <= last)) throw new Error(`--seeds ${seeds}: expected FROM..TO, such as 1..10`);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function count(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`--${name} ${text}: expected a whole number`);
}
