import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { pidOf, spawnProgram, stopChild } from '../process/child-process.js';
import { findFreePort } from '../process/free-port.js';
import { waitUntil } from '../process/wait-until.js';

const repositoryFolder = fileURLToPath(new URL('../../../../', import.meta.url));
/** A first start also installs and builds. */
const startDeadlineMs = 600_000;
const endDeadlineMs = 30_000;

const runFileSchema = z.object({
  gateway: z.string(),
  apiKey: z.string(),
  adminToken: z.string(),
  databaseUrl: z.string(),
  pids: z.record(z.string(), z.number()),
});

export type SluiceRun = z.infer<typeof runFileSchema>;

export interface LaunchedSluice {
  readonly run: SluiceRun;
  readonly home: string;
  readonly logFile: string;
  /** Its processes by name, and the launcher. */
  readonly pids: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}

/** Sluice as `npm start` runs it, everything on, on a new and empty home. */
export async function launchSluice(): Promise<LaunchedSluice> {
  const home = await mkdtemp(path.join(tmpdir(), 'sluice-bench-home-'));
  const logFile = path.join(home, 'npm-start.log');
  const launcher = await launch({ home, logFile });
  const run = await waitUntil(() => readRunFile(home), {
    deadlineMs: startDeadlineMs,
    isHopeless: () => launcher.exitCode !== null || launcher.signalCode !== null,
    message: `sluice did not start, see ${logFile}`,
  });
  return {
    run,
    home,
    logFile,
    pids: { ...run.pids, launcher: pidOf(launcher) },
    stop: async () => {
      await stopChild(launcher);
      await waitUntil(() => haveEnded(Object.values(run.pids)), {
        deadlineMs: endDeadlineMs,
        message: `sluice left processes behind after its end, see ${logFile}`,
      });
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Through `env`, so that settings of the shell (an own database, real keys) do not change what is measured. */
async function launch({ home, logFile }: { home: string; logFile: string }): Promise<ChildProcess> {
  const port = await findFreePort();
  const unset = ['DATABASE_URL', 'REDIS_URL', 'OPENAI_API_KEY', 'GEMINI_API_KEYS', 'XAI_API_KEY', 'SLUICE_REPLICAS'];
  const settings = [`SLUICE_HOME=${home}`, `SLUICE_PORT=${port}`, 'SLUICE_DEMO=off'];
  const args = [...unset.flatMap((name) => ['-u', name]), ...settings, 'npm', 'start'];
  return spawnProgram({ command: 'env', args, cwd: repositoryFolder, logFile });
}

async function readRunFile(home: string): Promise<SluiceRun> {
  return runFileSchema.parse(JSON.parse(await readFile(path.join(home, 'run.json'), 'utf8')));
}

function haveEnded(pids: readonly number[]): Promise<true | undefined> {
  const alive = pids.filter((pid) => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  });
  return Promise.resolve(alive.length === 0 ? true : undefined);
}
