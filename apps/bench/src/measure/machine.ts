import os from 'node:os';
import { measureFsyncMs } from './fsync-time.js';
import type { Percentiles } from './percentiles.js';

export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Load average of the last minute before the run: other work on the machine spoils the figures. */
  readonly loadBefore: number;
  readonly fsyncMs: Percentiles | null;
}

export async function describeMachine(): Promise<Machine> {
  return {
    node: process.version,
    platform: `${os.platform()} ${os.release()} ${os.arch()}`,
    cpu: os.cpus()[0]?.model ?? 'unknown',
    cores: os.availableParallelism(),
    memoryBytes: os.totalmem(),
    loadBefore: os.loadavg()[0] ?? 0,
    fsyncMs: await measureFsyncMs(),
  };
}
