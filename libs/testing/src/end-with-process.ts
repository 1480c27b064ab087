import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';

export interface BoundServer {
  readonly child: ChildProcess;
  readonly signal: NodeJS.Signals;
  readonly folder: string;
}

/** A run that is broken off leaves no server and no files behind, whether or not its tear-down ran. */
export function endWithProcess({ child, signal, folder }: BoundServer): void {
  const end = () => {
    child.kill(signal);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', end);
  child.once('exit', () => process.off('exit', end));
}
