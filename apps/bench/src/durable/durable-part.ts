import type { BenchLine } from '../report/bench-line.js';
import type { DurableStand } from './durable-stand.js';

/** One promise of durable generations, or a few that are measured together. */
export interface DurablePart {
  name: string;
  run(stand: DurableStand, options: PartOptions): Promise<PartResult>;
}

export interface PartOptions {
  /** A look, not a result. */
  length: 'full' | 'quick';
  print(line: string): void;
}

export interface PartResult {
  lines: BenchLine[];
  /** Everything that was measured, for the file. */
  raw: unknown;
}
