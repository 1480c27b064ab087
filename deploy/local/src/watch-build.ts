import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';

/** Until the compiler has written the last of a change's files. */
const QUIET_MS = 300;

/** Compiles on change, and says when the outputs of the apps or libraries changed. */
export function watchBuild({ root, signal, onBuilt }: { root: string; signal: AbortSignal; onBuilt(): void }): void {
  const compiler = join(root, 'node_modules/typescript-7/bin/tsc');
  const child = spawn(process.execPath, [compiler, '-b', '-w', '--preserveWatchOutput', 'tsconfig.json'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  });
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  let timer: NodeJS.Timeout | undefined;
  const onChange = (file: string | null): void => {
    if (file === null || !file.endsWith('.js')) return;
    clearTimeout(timer);
    timer = setTimeout(onBuilt, QUIET_MS);
  };
  for (const folder of findOutputFolders(root)) watch(folder, { recursive: true, signal }, (_, file) => onChange(file));
}

/** Of the launcher's own output nothing: it would restart the services for itself. */
function findOutputFolders(root: string): string[] {
  const found: string[] = [];
  const pending = [join(root, 'apps'), join(root, 'libs')];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    if (existsSync(join(folder, 'dist'))) found.push(join(folder, 'dist'));
    const isPackage = existsSync(join(folder, 'package.json'));
    if (isPackage) continue;
    for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) pending.push(join(folder, entry.name));
  }
  return found;
}
