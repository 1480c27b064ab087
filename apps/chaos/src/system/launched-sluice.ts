import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { waitUntil } from '../wait-until.js';

const runFileSchema = z.object({
  gateway: z.url(),
  apiKey: z.string(),
  adminToken: z.string(),
  pids: z.record(z.string(), z.int()),
});
export type RunFile = z.infer<typeof runFileSchema>;

const memorySchema = z.object({ ports: z.record(z.string(), z.number()) });
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const READY_MS = 180_000;
const STOP_MS = 25_000;
const KEPT_CHARACTERS = 200_000;

/** The launcher with all of its processes; it starts again what is killed. */
export class LaunchedSluice {
  private text = '';

  private constructor(
    private readonly home: string,
    private readonly child: ChildProcess,
  ) {
    const keep = (chunk: Buffer): void => void (this.text = (this.text + chunk.toString()).slice(-KEPT_CHARACTERS));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    process.once('exit', () => this.signal('SIGINT'));
  }

  static async start(home: string, settings: Readonly<Record<string, string>>): Promise<LaunchedSluice> {
    const child = spawn(process.execPath, ['deploy/local/start.mjs'], {
      cwd: ROOT,
      detached: true,
      env: { ...hostEnvironment(), SLUICE_HOME: home, ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const sluice = new LaunchedSluice(home, child);
    await waitUntil('Sluice is ready', () => sluice.isReady(), { withinMs: READY_MS });
    return sluice;
  }

  /** Pids change with every restart. */
  async run(): Promise<RunFile> {
    return runFileSchema.parse(JSON.parse(await readFile(join(this.home, 'run.json'), 'utf8')));
  }

  /** All gateways; they share all that they know. */
  async gateways(): Promise<string[]> {
    const { gateway } = await this.run();
    const { ports } = memorySchema.parse(JSON.parse(await readFile(join(this.home, 'launcher.json'), 'utf8')));
    const others = Object.entries(ports).filter(([name]) => name.startsWith('gateway-'));
    return [gateway, ...others.map(([, port]) => `http://127.0.0.1:${port}`)];
  }

  printed(): string {
    return this.text;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.signal('SIGINT');
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, STOP_MS).unref())]);
  }

  private isReady(): true | undefined {
    if (/^sluice ready/m.test(this.text)) return true;
    if (this.child.exitCode === null) return undefined;
    throw new Error(`the launcher ended:\n${this.text.slice(-2_000)}`);
  }

  private signal(name: NodeJS.Signals): void {
    if (this.child.pid !== undefined && this.child.exitCode === null) process.kill(this.child.pid, name);
  }
}

/** What a shell has, without the settings of whoever runs this. */
function hostEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(?:SLUICE_|DATABASE_URL|REDIS_URL|OPENAI_|GEMINI_|XAI_|NODE_ENV)/.test(name),
  );
  return Object.fromEntries(kept);
}
