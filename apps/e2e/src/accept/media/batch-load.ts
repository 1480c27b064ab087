import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { chatBody, type SluiceClient } from '../../harness/sluice-client.js';
import type { StartedSluice } from '../../harness/start-sluice.js';

const WINDOWS = 5;
const CALLS = 150;
const BETWEEN_MS = 20;

/** What somebody who waits sees: the middle of several windows' p99, in milliseconds. */
export async function interactiveP99Ms(client: SluiceClient): Promise<number> {
  const windows: number[] = [];
  for (let window = 0; window < WINDOWS; window += 1) {
    const took: number[] = [];
    for (let call = 0; call < CALLS; call += 1) {
      const startedAt = performance.now();
      await client.call('/v1/chat/completions', { body: chatBody('hello') });
      took.push(performance.now() - startedAt);
      await pause(BETWEEN_MS);
    }
    windows.push(took.toSorted((left, right) => left - right)[Math.floor(CALLS * 0.99)] ?? Infinity);
  }
  return windows.toSorted((left, right) => left - right)[Math.floor(WINDOWS / 2)] ?? Infinity;
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
