import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { isAlive } from './process-identity.js';
import type { ProcessIdentity } from './process-identity.js';
import { writePrivateFile } from './write-private-file.js';

const processesSchema = z.array(z.object({ pid: z.number(), startedAt: z.string() }));

/** Written at every start of a process, so that the next launcher knows what a killed one left behind. */
export function writeProcesses(path: string, processes: readonly ProcessIdentity[]): Promise<void> {
  return writePrivateFile(path, JSON.stringify(processes));
}

/** Ends what a launcher that was killed itself left running; answers how many those were. */
export async function endLeftovers(path: string): Promise<number> {
  const processes = await readProcesses(path);
  const alive = await keepAlive(processes);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    let rest = await keepAlive(alive);
    // To Postgres SIGTERM means: when the sessions have left. They leave as the services end.
    for (const { pid } of rest) kill(signal === 'SIGKILL' ? -pid : pid, signal);
    for (let waitedMs = 0; rest.length > 0 && waitedMs < 3_000; waitedMs += 50) {
      await delay(50);
      rest = await keepAlive(rest);
    }
  }
  return alive.length;
}

async function keepAlive(processes: readonly ProcessIdentity[]): Promise<ProcessIdentity[]> {
  const flags = await Promise.all(processes.map(isAlive));
  return processes.filter((_, index) => flags[index]);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended meanwhile.
  }
}

async function readProcesses(path: string): Promise<ProcessIdentity[]> {
  try {
    return processesSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return [];
  }
}
