import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const stopDeadlineMs = 20_000;

/** A process of the bench's own, ready to serve. */
export interface RunningEntry {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly port: number;
}

const readySchema = z.object({ port: z.number() });

/** Forks a module of this package and waits for its `{port}` message. */
export async function startEntry(entry: {
  module: URL;
  argument: unknown;
  profileFolder?: string | undefined;
}): Promise<RunningEntry> {
  const execArgv = entry.profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${entry.profileFolder}`];
  const child = fork(fileURLToPath(entry.module), [JSON.stringify(entry.argument)], { execArgv });
  killWithParent(child);
  const ready = readySchema.parse(await nextMessage(child));
  return { child, pid: pidOf(child), port: ready.port };
}

/** Starts another program; what it prints goes to a file, to be read when it fails. */
export async function spawnProgram(program: {
  command: string;
  args: readonly string[];
  logFile: string;
  cwd?: string;
}): Promise<ChildProcess> {
  const log = await open(program.logFile, 'a');
  const child = spawn(program.command, program.args, {
    ...(program.cwd === undefined ? {} : { cwd: program.cwd }),
    stdio: ['ignore', log.fd, log.fd],
  });
  child.once('error', () => undefined);
  child.once('spawn', () => void log.close());
  killWithParent(child);
  return child;
}

/** The next message a child sends; fails when it ends without one. */
export function nextMessage(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a bench process ended early (${code})`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      resolve(message);
    });
  });
}

/** Asks to end, waits, and kills only when that did not help. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const timer = setTimeout(() => child.kill('SIGKILL'), stopDeadlineMs);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(timer);
}

export function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error(`could not start ${child.spawnfile}`);
  return child.pid;
}

const owned = new Set<ChildProcess>();
let isHooked = false;

function killWithParent(child: ChildProcess): void {
  owned.add(child);
  child.once('exit', () => owned.delete(child));
  if (isHooked) return;
  isHooked = true;
  process.once('exit', () => {
    for (const left of owned) left.kill('SIGTERM');
  });
}
