import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Postgres refuses to start while the process that its pid file names lives, whatever that process is: after the
 * restart of a container it can be any. A server that really runs on these files is stopped first. The file itself
 * stays: by the memory segment it names, Postgres makes sure that no session of a killed server still writes.
 */
export async function clearStalePostmaster(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const lines = (await readFile(file, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !existsSync(`/proc/${pid}/cmdline`)) return;
  if (await isPostgresOn({ pid, data })) await stopPostmaster({ pid, data });
  // Its parent is the one living process that Postgres knows cannot be a server.
  else await writeFile(file, [String(process.pid), ...lines.slice(1)].join('\n'));
}

async function stopPostmaster({ pid, data }: { pid: number; data: string }): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    for (let waitedMs = 0; waitedMs < 3_000; waitedMs += 50) {
      if (!(await isPostgresOn({ pid, data }))) return;
      await delay(50);
    }
  }
}

async function isPostgresOn({ pid, data }: { pid: number; data: string }): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return commandLine.split('\0').includes(data);
}
