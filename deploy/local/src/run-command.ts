import { spawn } from 'node:child_process';

export interface CommandResult {
  readonly code: number | undefined;
  readonly output: string;
}

/** Runs a command to its end and gathers what it says; it never throws for a failure of the command itself. */
export function runCommand(options: {
  command: string;
  args: readonly string[];
  directory?: string;
  environment?: NodeJS.ProcessEnv;
  user?: { uid: number; gid: number } | undefined;
  input?: string;
  signal?: AbortSignal;
}): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(options.command, options.args, {
      cwd: options.directory ?? '/',
      env: options.environment ?? process.env,
      stdio: 'pipe',
      // A Ctrl-C of the terminal is the launcher's to handle.
      detached: true,
      ...options.user,
      ...(options.signal && { signal: options.signal }),
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('error', (error) => resolve({ code: undefined, output: `${output}${error.message}` }));
    child.on('close', (code) => resolve({ code: code ?? undefined, output }));
  });
}
