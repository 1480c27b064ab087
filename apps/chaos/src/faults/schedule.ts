import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../random.js';
import type { System } from '../system/system.js';
import { FAULTS } from './fault.js';

export interface PlannedFault {
  atMs: number;
  name: string;
  run(system: System): Promise<void>;
}

const LEAST_PAUSE_MS = 300;
const MOST_PAUSE_MS = 2_200;

/** All faults of a run, drawn before it starts: what happens in it cannot change what is drawn. */
export function planFaults(random: Random, lastsMs: number): PlannedFault[] {
  const planned: PlannedFault[] = [];
  for (
    let atMs = random.between(0, MOST_PAUSE_MS);
    atMs < lastsMs;
    atMs += random.between(LEAST_PAUSE_MS, MOST_PAUSE_MS)
  ) {
    const fault = random.pick(FAULTS);
    planned.push({ atMs, name: fault.name, run: fault.plan(random) });
  }
  return planned;
}

/** Plays them at their times, whether or not the last one is over. Ends when all are. */
export async function playFaults(planned: readonly PlannedFault[], system: System): Promise<void> {
  const startedAtMs = Date.now();
  const running: Promise<void>[] = [];
  for (const { atMs, name, run } of planned) {
    await delay(Math.max(0, startedAtMs + atMs - Date.now()));
    running.push(run(system).catch((error: unknown) => void process.stderr.write(`fault ${name}: ${String(error)}\n`)));
  }
  await Promise.all(running);
}
