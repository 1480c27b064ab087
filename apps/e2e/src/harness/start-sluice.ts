import { chmod, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@sluice/testing/find-free-port';
import { LaunchedProgram } from './launched-program.js';
import { descendantsOf, isAlive, processesThatName } from './process-table.js';
import type { ProcessRow } from './process-table.js';
import { readRunFile } from './run-file.js';
import type { RunFile } from './run-file.js';
import { within } from './within.js';

/** The root of the repository that these tests belong to. */
export const REPOSITORY = fileURLToPath(new URL('../../../..', import.meta.url));

const READY_LIMIT_MS = 120_000;
/** Promised to users: all is gone by then, open streams or not. */
const STOP_LIMIT_MS = 20_000;

export interface StartOptions {
  environment?: Readonly<Record<string, string>>;
  /** Kept when given; else a new folder, removed at the end. */
  home?: string;
  root?: string;
  command?: readonly string[];
  readyLimitMs?: number;
}

/** A whole Sluice as its user starts it. */
export interface StartedSluice {
  /** As it was when it became ready; pids change when processes are restarted. */
  readonly run: RunFile;
  readonly home: string;
  readonly readyAfterMs: number;
  readonly program: LaunchedProgram;
  readRun(): Promise<RunFile>;
  /**
   * Ends it as Ctrl-C does, which every process in the foreground gets; or signals only the one that was started.
   * Throws unless every process of it is gone in time.
   */
  stop(signalTo?: 'group' | 'leader'): Promise<StopReport>;
}

export interface StopReport {
  tookMs: number;
  processes: number;
}

export async function startSluice(options: StartOptions = {}): Promise<StartedSluice> {
  const home = options.home ?? (await makeHome());
  const [command = '', ...args] = options.command ?? [process.execPath, 'deploy/local/start.mjs'];
  const startedAt = performance.now();
  const port = await findFreePort();
  const program = LaunchedProgram.start({
    command,
    args,
    directory: options.root ?? REPOSITORY,
    environment: { ...hostEnvironment(), SLUICE_HOME: home, SLUICE_PORT: String(port), ...options.environment },
  });
  await program.untilPrinted(/^sluice ready.*$/m, options.readyLimitMs ?? READY_LIMIT_MS).catch((error: unknown) => {
    program.signalGroup('SIGINT');
    throw error;
  });
  return {
    home,
    program,
    run: await readRunFile(home),
    readyAfterMs: performance.now() - startedAt,
    readRun: () => readRunFile(home),
    stop: (signalTo = 'group') => stop({ program, home, isOwnHome: options.home === undefined, signalTo }),
  };
}

async function stop(options: {
  program: LaunchedProgram;
  home: string;
  isOwnHome: boolean;
  signalTo: 'group' | 'leader';
}): Promise<StopReport> {
  const { program, home, isOwnHome, signalTo } = options;
  const before = await familyOf(program.pid, home);
  const startedAt = performance.now();
  if (signalTo === 'group') program.signalGroup('SIGINT');
  else program.signal('SIGINT');
  await within(STOP_LIMIT_MS, 'Sluice stops', program.untilEnded());
  const tookMs = performance.now() - startedAt;
  const named = await processesThatName(home);
  const survivors = await Promise.all(before.map(async (row) => ((await isAlive(row.pid)) ? [row] : [])));
  const left = [...survivors.flat(), ...named];
  if (left.length > 0)
    throw new Error(`still running after the stop: ${left.map(({ pid, command }) => `${pid} ${command}`).join('; ')}`);
  if (isOwnHome) await removeHome(home);
  return { tookMs, processes: before.length };
}

/** The launcher's descendants, and whatever else names its home: a process that lost its parent is found as well. */
async function familyOf(pid: number, home: string): Promise<ProcessRow[]> {
  const rows = [...(await descendantsOf(pid)), ...(await processesThatName(home))];
  return [...new Map(rows.map((row) => [row.pid, row])).values()];
}

/** Passable for the user that Postgres runs as when root starts it. */
export async function makeHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'sluice-e2e-'));
  await chmod(home, 0o711);
  return home;
}

export async function removeHome(home: string): Promise<void> {
  const database = await realpath(join(home, 'postgres')).catch(() => undefined);
  if (database !== undefined) await rm(database, { recursive: true, force: true });
  await rm(home, { recursive: true, force: true });
}

/** What a shell has, without the settings of whoever runs the tests. */
function hostEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(SLUICE_|DATABASE_URL|REDIS_URL|OPENAI_|GEMINI_|XAI_|VITEST|NODE_ENV)/.test(name),
  );
  return Object.fromEntries(kept);
}
