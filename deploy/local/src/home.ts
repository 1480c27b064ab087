import { access, constants, mkdir, realpath, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { LaunchError } from './launch-error.js';

/** Less than this and the stores fail in the middle of somebody's work. */
const MINIMUM_FREE_BYTES = 200 * 1024 * 1024;

/** Everything one instance keeps: its secrets, its stores, its logs. */
export interface Home {
  readonly path: string;
  readonly logs: string;
  readonly redis: string;
  readonly postgres: string;
  readonly secretsFile: string;
  readonly memoryFile: string;
  readonly processesFile: string;
  readonly runFile: string;
  readonly lockFile: string;
}

/** Makes the folder where it is missing; says what is wrong where it cannot be used. */
export async function openHome(wantedPath: string): Promise<Home> {
  const path = await makeUsable(wantedPath);
  await requireFreeSpace(path);
  const logs = join(path, 'logs');
  await mkdir(logs, { recursive: true, mode: 0o700 });
  return {
    path,
    logs,
    redis: join(path, 'redis'),
    postgres: join(path, 'postgres'),
    secretsFile: join(path, 'secrets.json'),
    memoryFile: join(path, 'launcher.json'),
    processesFile: join(path, 'processes.json'),
    runFile: join(path, 'run.json'),
    lockFile: join(path, 'launcher.lock'),
  };
}

async function makeUsable(path: string): Promise<string> {
  try {
    // Passable when root owns it, since Postgres then runs as another user; every file in it is private by itself.
    await mkdir(path, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return await realpath(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LaunchError(
      `The data folder ${path} cannot be used: ${reason}\nSet SLUICE_HOME to a folder that this user can write.`,
    );
  }
}

async function requireFreeSpace(path: string): Promise<void> {
  const { bavail, bsize } = await statfs(path);
  const problem = describeLackOfSpace({ path, freeBytes: bavail * bsize });
  if (problem !== undefined) throw new LaunchError(problem);
}

export function describeLackOfSpace({ path, freeBytes }: { path: string; freeBytes: number }): string | undefined {
  if (freeBytes >= MINIMUM_FREE_BYTES) return undefined;
  const megabytes = (bytes: number) => Math.floor(bytes / 1024 / 1024);
  return (
    `The disk is full: ${megabytes(freeBytes)} MB are free at ${path}, and the stores need at least ` +
    `${megabytes(MINIMUM_FREE_BYTES)} MB.\nFree some space, or set SLUICE_HOME to a folder on another disk.`
  );
}
