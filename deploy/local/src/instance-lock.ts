import { readFile, rm, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Home } from './home.js';
import { LaunchError } from './launch-error.js';
import { identifyProcess, isAlive } from './process-identity.js';

const holderSchema = z.object({ pid: z.number(), startedAt: z.string() });

/** One launcher per home: two would run two Postgres servers on the same files. */
export async function takeInstanceLock(home: Home): Promise<{ release(): Promise<void> }> {
  const identity = await identifyProcess(process.pid);
  const content = JSON.stringify(identity ?? { pid: process.pid, startedAt: '' });
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await tryWrite(home.lockFile, content)) return { release: () => rm(home.lockFile, { force: true }) };
    const holder = await readHolder(home.lockFile);
    if (holder !== undefined && (await isAlive(holder))) throw alreadyRunning(home, holder.pid);
    await rm(home.lockFile, { force: true });
  }
  throw new LaunchError(`The lock ${home.lockFile} cannot be taken: another instance is starting on this data folder.`);
}

function alreadyRunning(home: Home, pid: number): LaunchError {
  return new LaunchError(
    `Another instance (process ${pid}) is running on the data folder ${home.path}.\n` +
      `Its addresses are in ${home.runFile}. To run a second one, give it its own SLUICE_HOME and SLUICE_PORT.`,
  );
}

async function tryWrite(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function readHolder(path: string) {
  try {
    return holderSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
