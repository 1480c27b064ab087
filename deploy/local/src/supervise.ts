import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { readLines } from './read-lines.js';
import { countFailures, restartDelayMs } from './restart-delay.js';
import type { ServiceSpec } from './service-spec.js';

export interface SuperviseOptions {
  onLine(line: string, source: 'stdout' | 'stderr'): void;
  onStart(pid: number): void;
  /** It ended though nobody asked it to. */
  onDeath(description: string): void;
}

export interface Supervised {
  readonly spec: ServiceSpec;
  /** Undefined between a death and the next start. */
  pid(): number | undefined;
  /** For a service that is known by a line: settles when the process that runs now has printed it. */
  printedReadyLine(): boolean;
  /** The exit code of the process that ran before this one. */
  lastExitCode(): number | undefined;
  /** Ends the process and lets the supervisor start it again. */
  restart(): void;
  /** Asks it to end, then makes it; resolves when it has ended. A second call may shorten the time. */
  stop(options: { graceMs: number }): Promise<void>;
}

/** Starts the process in a group of its own, so that a Ctrl-C of the terminal reaches the launcher alone, and keeps it alive. */
export function supervise(spec: ServiceSpec, options: SuperviseOptions): Supervised {
  const supervisor = new Supervisor(spec, options);
  const ended = supervisor.run();
  return {
    spec,
    pid: () => supervisor.pid(),
    printedReadyLine: () => supervisor.hasPrintedReadyLine,
    lastExitCode: () => supervisor.lastExitCode,
    restart: () => supervisor.restart(),
    stop: ({ graceMs }) => supervisor.stop({ graceMs, ended }),
  };
}

class Supervisor {
  hasPrintedReadyLine = false;
  lastExitCode: number | undefined;
  #child: ChildProcess | undefined;
  #failures = 0;
  #isRestarting = false;
  readonly #stopping = new AbortController();

  constructor(
    private readonly spec: ServiceSpec,
    private readonly options: SuperviseOptions,
  ) {}

  pid(): number | undefined {
    return this.#child?.pid;
  }

  async run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const startedAtMs = Date.now();
      const end = await this.#runOnce().catch((error: unknown) => `could not be started: ${String(error)}`);
      if (this.#stopping.signal.aborted) return;
      if (end === 'restarted') continue;
      this.#failures = countFailures({ before: this.#failures, livedMs: Date.now() - startedAtMs });
      this.options.onDeath(end);
      await delay(restartDelayMs(this.#failures), undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    }
  }

  restart(): void {
    if (this.#child === undefined) return;
    this.#isRestarting = true;
    this.#child.kill(this.spec.stopSignal);
  }

  async stop({ graceMs, ended }: { graceMs: number; ended: Promise<void> }): Promise<void> {
    this.#stopping.abort();
    this.#child?.kill(this.spec.stopSignal);
    const timer = setTimeout(() => this.#killGroup(this.#child), graceMs);
    await ended;
    clearTimeout(timer);
  }

  async #runOnce(): Promise<string> {
    await this.spec.prepare?.();
    if (this.#stopping.signal.aborted) return 'stopped';
    const { command, args, directory, environment, user } = this.spec;
    const child = spawn(command, args, {
      cwd: directory,
      env: environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...user,
    });
    this.#child = child;
    this.hasPrintedReadyLine = false;
    this.#isRestarting = false;
    readLines(child.stdout, (line) => this.#onLine(line, 'stdout'));
    readLines(child.stderr, (line) => this.#onLine(line, 'stderr'));
    if (child.pid !== undefined) this.options.onStart(child.pid);
    const end = await untilEnded(child);
    // What it had started itself must not outlive it.
    this.#killGroup(child);
    this.#child = undefined;
    this.lastExitCode = child.exitCode ?? undefined;
    return this.#isRestarting ? 'restarted' : end;
  }

  #onLine(line: string, source: 'stdout' | 'stderr'): void {
    if ('line' in this.spec.ready && this.spec.ready.line.test(line)) this.hasPrintedReadyLine = true;
    this.options.onLine(line, source);
  }

  #killGroup(child: ChildProcess | undefined): void {
    if (child?.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // The group is empty already.
    }
  }
}

function untilEnded(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `ended with exit code ${code ?? 'unknown'}` : `was ended by ${signal}`),
    );
  });
}
