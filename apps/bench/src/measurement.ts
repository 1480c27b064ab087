import type { LoadResult } from './load/load-job.js';
import type { MachineShare } from './measure/machine-load.js';
import type { Machine } from './measure/machine.js';
import type { UsageByName } from './measure/process-usage.js';

/** One scenario at one target in one turn. */
export interface Measurement extends LoadResult {
  readonly target: string;
  readonly scenario: string;
  /** Counted through all repetitions. Measurements of one turn and scenario are neighbours in time. */
  readonly turn: number;
  /** CPU seconds by process during the scenario, and memory at its end. */
  readonly usage: UsageByName;
  /** The target's processes together; null where /proc is missing. */
  readonly cpuSecondsPer1000: number | null;
  readonly rssBytes: number;
  /** What the bench itself used meanwhile (generator, stand-in): it shares the machine. */
  readonly harnessCpuSeconds: number;
  /** A high share of others means that this figure was measured beside other work. */
  readonly machineShare: MachineShare | null;
}

/** Many slow streams on one target. */
export interface IdleStreams extends LoadResult {
  readonly target: string;
  readonly streams: number;
  /** The highest seen, sampled each second. */
  readonly peakRssBytes: Record<string, number>;
}

export interface BenchRun {
  readonly startedAt: string;
  readonly seed: number;
  /** How often all targets were started anew. */
  readonly repetitions: number;
  readonly turns: number;
  readonly secondsPerScenario: number;
  readonly machine: Machine;
  readonly measurements: Measurement[];
  readonly idleStreams: IdleStreams[];
}
