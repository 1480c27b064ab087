import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { chatBody, type SluiceClient } from '../../harness/sluice-client.js';
import type { StartedSluice } from '../../harness/start-sluice.js';

const WINDOWS = 7;
const CALLS = 200;
const FIRST_CALLS = 25;
const BETWEEN_MS = 20;

/** What somebody who waits sees: p99 of each window, in milliseconds. */
export interface InteractiveLoad {
  alone: number[];
  beside: number[];
}

/** By turns, so that whatever else this machine does is in both. */
export async function measureInteractive(
  client: SluiceClient,
  { rest, goOn }: { rest(): Promise<void>; goOn(): Promise<void> },
): Promise<InteractiveLoad> {
  const load: InteractiveLoad = { alone: [], beside: [] };
  for (let window = 0; window < WINDOWS; window += 1) {
    await rest();
    load.alone.push(await p99Ms(client));
    await goOn();
    load.beside.push(await p99Ms(client));
  }
  return load;
}

export function medianOf(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Infinity;
}

/** The first calls are not counted: a batch that has had the machine to itself takes a moment to make room. */
async function p99Ms(client: SluiceClient): Promise<number> {
  const took: number[] = [];
  for (let call = -FIRST_CALLS; call < CALLS; call += 1) {
    const startedAt = performance.now();
    await client.call('/v1/chat/completions', { body: chatBody('hello') });
    if (call >= 0) took.push(performance.now() - startedAt);
    await pause(BETWEEN_MS);
  }
  return took.toSorted((left, right) => left - right)[Math.floor(CALLS * 0.99)] ?? Infinity;
}

/** Watches how much memory the gateways take at most, whichever processes they are by then. */
export function watchGateways(sluice: StartedSluice): { stop(): number } {
  let peakBytes = 0;
  const look = async () => {
    const { pids } = await sluice.readRun();
    const gateways = Object.entries(pids).filter(([name]) => name.startsWith('gateway'));
    for (const [, pid] of gateways) peakBytes = Math.max(peakBytes, await peakOf(pid));
  };
  const timer = setInterval(() => void look().catch(() => undefined), 250);
  return {
    stop: () => {
      clearInterval(timer);
      return peakBytes;
    },
  };
}

/** As the kernel counts it; none for a process that is gone. */
async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024;
}
