import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { eventually } from './eventually.js';

const KEPT_CHARACTERS = 400_000;

/** A program in a process group of its own, with all that it has printed. */
export class LaunchedProgram {
  private text = '';
  private readonly ended: Promise<string>;
  private end: string | undefined;

  private constructor(private readonly child: ChildProcess) {
    const keep = (chunk: Buffer): void => {
      this.text = (this.text + chunk.toString('utf8')).slice(-KEPT_CHARACTERS);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, signal) => resolve(signal ?? String(code)));
    }).then((end) => (this.end = String(end)));
    endWithUs(this);
    void this.ended.then(() => running.delete(this));
  }

  static start(options: {
    command: string;
    args: readonly string[];
    directory: string;
    environment: NodeJS.ProcessEnv;
  }): LaunchedProgram {
    const { command, args, directory, environment } = options;
    const child = spawn(command, args, {
      cwd: directory,
      env: environment,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new LaunchedProgram(child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  printed(): string {
    return this.text;
  }

  async untilPrinted(pattern: RegExp, withinMs: number): Promise<RegExpExecArray> {
    return eventually(`${this.child.spawnfile} prints ${pattern}`, () => this.matchOrEnd(pattern), { withinMs });
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  /** What a terminal does at Ctrl-C: every process in the foreground gets it. */
  signalGroup(name: NodeJS.Signals): void {
    if (this.child.pid === undefined || this.end !== undefined) return;
    try {
      process.kill(-this.child.pid, name);
    } catch {
      // It has ended this moment.
    }
  }

  /** The exit code or the signal it ended with. */
  untilEnded(): Promise<string> {
    return this.ended;
  }

  private matchOrEnd(pattern: RegExp): RegExpExecArray | undefined {
    const match = pattern.exec(this.text);
    if (match) return match;
    if (this.end === undefined) return undefined;
    throw new Error(`it ended with ${this.end}:\n${this.text.slice(-4_000)}`);
  }
}

const running = new Set<LaunchedProgram>();
let isHooked = false;

/** Nothing that a test started outlives it, whatever ends the test. */
function endWithUs(program: LaunchedProgram): void {
  running.add(program);
  if (isHooked) return;
  isHooked = true;
  process.once('exit', endAll);
  // A run that is given up ends without an exit; Ctrl-C is the runner's own business.
  for (const name of ['SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(1));
}

function endAll(): void {
  for (const left of running) left.signalGroup('SIGINT');
}
