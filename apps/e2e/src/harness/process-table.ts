import { readdir, readFile } from 'node:fs/promises';

/** One row of the table of processes. */
export interface ProcessRow {
  pid: number;
  parentPid: number;
  command: string;
}

/** A process that has ended but that nobody has waited for does not count. */
export async function isAlive(pid: number): Promise<boolean> {
  return (await readRow(pid)) !== undefined;
}

export async function descendantsOf(pid: number): Promise<ProcessRow[]> {
  const rows = await listProcesses();
  const found: ProcessRow[] = [];
  const parents = [pid];
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    for (const row of rows) {
      if (row.parentPid !== parent) continue;
      found.push(row);
      parents.push(row.pid);
    }
  }
  return found;
}

/** Processes that have this text in their command line or their environment, whoever started them; not the asking one. */
export async function processesThatName(text: string): Promise<ProcessRow[]> {
  const rows = await listProcesses();
  const matches = await Promise.all(
    rows.map(async (row) => {
      if (row.pid === process.pid) return false;
      const environment = await readFile(`/proc/${row.pid}/environ`, 'utf8').catch(() => '');
      return row.command.includes(text) || environment.includes(text);
    }),
  );
  return rows.filter((_, index) => matches[index]);
}

/** Memory in RAM that is this process's own or its share of what several map. */
export async function residentBytes(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? 0) * 1024;
}

async function listProcesses(): Promise<ProcessRow[]> {
  const names = await readdir('/proc');
  const rows = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map((name) => readRow(Number(name))));
  return rows.filter((row) => row !== undefined);
}

async function readRow(pid: number): Promise<ProcessRow | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields === undefined || fields[0] === 'Z' || fields[0] === 'X') return undefined;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return { pid, parentPid: Number(fields[1]), command: command.replaceAll('\0', ' ').trim() };
}
