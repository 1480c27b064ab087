import { readFile } from 'node:fs/promises';
import { residentBytes } from '../../harness/process-table.js';
import type { StartedSluice } from '../../harness/start-sluice.js';

const TICKS_PER_SECOND = 100;

export interface Worker {
  name: string;
  pid: number;
}

/** Those of this moment: one that was killed comes back as another. */
export async function soraWorkers(sluice: StartedSluice): Promise<Worker[]> {
  const { pids } = await sluice.readRun();
  return Object.entries(pids)
    .filter(([name]) => name.startsWith('sora-worker'))
    .map(([name, pid]) => ({ name, pid }));
}

/** The longest that the event loop of a process was late since this was asked before. */
export async function longestLagMs({ pid }: Worker): Promise<number> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
  const port = /(?:^|\0)WORKER_PORT=(\d+)/.exec(environment)?.[1] ?? '';
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  const seconds = /^nodejs_eventloop_lag_max_seconds\b.* (\S+)$/m.exec(await answer.text())?.[1];
  return Number(seconds) * 1_000;
}

export interface Effort {
  /** Of all threads. */
  cpuMs: number;
  /** Of the thread that has the event loop. */
  loopCpuMs: number;
  /** How long that thread could have run, and had no processor. */
  loopWaitMs: number;
}

export async function readEffort({ pid }: Worker): Promise<Effort> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [ranNs = 0, waitedNs = 0] = (await readFile(`/proc/${pid}/task/${pid}/schedstat`, 'utf8'))
    .split(' ')
    .map(Number);
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { cpuMs: (ticks / TICKS_PER_SECOND) * 1_000, loopCpuMs: ranNs / 1e6, loopWaitMs: waitedNs / 1e6 };
}

export function difference(now: Effort, before: Effort): Effort {
  return {
    cpuMs: now.cpuMs - before.cpuMs,
    loopCpuMs: now.loopCpuMs - before.loopCpuMs,
    loopWaitMs: now.loopWaitMs - before.loopWaitMs,
  };
}

export async function residentMegabytes({ pid }: Worker): Promise<number> {
  return Math.round((await residentBytes(pid)) / 1024 ** 2);
}
