import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

export interface KeptProcessOptions {
  command: string;
  args: readonly string[];
  settings?: SpawnOptions;
  /** The line that says that it serves. */
  ready: RegExp;
}

const RESTART_DELAY_MS = 200;
const KEPT_CHARACTERS = 20_000;

/** A store or a program that is started again whenever it dies. */
export class KeptProcess {
  private child: ChildProcess | undefined;
  private isWanted = true;
  private text = '';

  constructor(private readonly options: KeptProcessOptions) {
    process.once('exit', () => this.child?.kill('SIGKILL'));
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): Promise<void> {
    const { command, args, settings } = this.options;
    this.text = '';
    const child = spawn(command, args, { ...settings, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    const keep = (chunk: Buffer): void => void (this.text = (this.text + chunk.toString()).slice(-KEPT_CHARACTERS));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.once('exit', () => void this.restart());
    return this.untilReady();
  }

  kill(): void {
    this.child?.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    this.isWanted = false;
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  printed(): string {
    return this.text;
  }

  private async untilReady(): Promise<void> {
    const endsAtMs = Date.now() + 30_000;
    while (!this.options.ready.test(this.text)) {
      if (Date.now() > endsAtMs) throw new Error(`${this.options.command} is not ready:\n${this.text}`);
      await delay(20);
    }
  }

  private async restart(): Promise<void> {
    if (!this.isWanted) return;
    await delay(RESTART_DELAY_MS);
    if (this.isWanted) await this.start().catch(() => undefined);
  }
}
