import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A process id is used again by the system; with the time of its start it names one process for good. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startedAt: string;
}

/** Undefined when there is no such process. */
export async function identifyProcess(pid: number): Promise<ProcessIdentity | undefined> {
  const startedAt = process.platform === 'linux' ? await startTimeFromProc(pid) : await startTimeFromPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const current = await identifyProcess(identity.pid);
  return current !== undefined && current.startedAt === identity.startedAt;
}

async function startTimeFromProc(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name before the last parenthesis may hold spaces; the state is the first field after it, the start time the 20th.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isZombie = fields?.[0] === 'Z';
  return isZombie ? undefined : fields?.[19];
}

async function startTimeFromPs(pid: number): Promise<string | undefined> {
  const { stdout } = await run('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
  return stdout.trim() === '' ? undefined : stdout.trim();
}
