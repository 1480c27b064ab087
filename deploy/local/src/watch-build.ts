import { watch } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command.js';

/** Until an editor, or a change of branch, has written the last of its files. */
const QUIET_MS = 200;
const SOURCE = /(?:^|[/\\])(?:src|lua|sql)[/\\].*\.(?:ts|tsx|json|lua|sql)$/;

/** Builds when a source of an app or a library changed, and says so when that went well. */
export function watchBuild(options: {
  root: string;
  signal: AbortSignal;
  say(text: string): void;
  onBuilt(): void;
}): void {
  const { root, signal, say, onBuilt } = options;
  const compiler = join(root, 'node_modules/typescript-7/bin/tsc');
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  const build = async (): Promise<void> => {
    const { code, output } = await runCommand({
      command: process.execPath,
      args: [compiler, '-b', 'tsconfig.json'],
      directory: root,
      signal,
    });
    if (signal.aborted) return;
    say(code === 0 ? 'built; starting the services anew' : `the build failed:\n${output.trim()}`);
    if (code === 0) onBuilt();
  };
  const onChange = (file: string | null): void => {
    if (file === null || !SOURCE.test(file) || /\.(?:test|fixture)\.ts$/.test(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      last = last.then(build);
    }, QUIET_MS);
  };
  // Not the launcher's own sources: it does not restart itself.
  for (const folder of ['apps', 'libs'])
    watch(join(root, folder), { recursive: true, signal }, (_, file) => onChange(file));
}
