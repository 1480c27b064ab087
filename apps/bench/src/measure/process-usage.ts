import { readFile, readdir } from 'node:fs/promises';

/** Linux counts process time in ticks of 10 ms on every platform Node supports. */
const ticksPerSecond = 100;

export interface ProcessUsage {
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

export type UsageByName = Record<string, ProcessUsage>;

interface ProcessStat {
  readonly parent: number;
  readonly cpuSeconds: number;
}

/**
 * CPU time since start and memory of each named process with its descendants (Postgres does
 * its work in children; a child that ended is counted in its parent's time). Empty where there is no /proc.
 */
export async function readUsage(pids: Readonly<Record<string, number>>): Promise<UsageByName> {
  const stats = await readAllStats();
  const usage: UsageByName = {};
  for (const [name, pid] of Object.entries(pids)) {
    if (!stats.has(pid)) continue;
    const family = familyOf(pid, { stats, named: new Set(Object.values(pids)) });
    const cpuSeconds = family.reduce((sum, member) => sum + (stats.get(member)?.cpuSeconds ?? 0), 0);
    usage[name] = { cpuSeconds, rssBytes: await readMemory(family) };
  }
  return usage;
}

async function readAllStats(): Promise<Map<number, ProcessStat>> {
  const stats = new Map<number, ProcessStat>();
  const entries = await readdir('/proc').catch(() => []);
  const pids = entries.map(Number).filter((pid) => Number.isInteger(pid) && pid > 0);
  await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
      if (text !== undefined) stats.set(pid, parseStat(text));
    }),
  );
  return stats;
}

function parseStat(text: string): ProcessStat {
  // The second field is the name in parentheses and may itself hold spaces: count from its end.
  const fields = text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const ticks = [11, 12, 13, 14].reduce((sum, index) => sum + (fields[index] ?? 0), 0);
  return { parent: fields[1] ?? 0, cpuSeconds: ticks / ticksPerSecond };
}

/** A process and its descendants, without those that have a name (and so a count) of their own. */
function familyOf(
  root: number,
  { stats, named }: { stats: Map<number, ProcessStat>; named: ReadonlySet<number> },
): number[] {
  const family = [root];
  for (const member of family) {
    for (const [pid, stat] of stats) if (stat.parent === member && !named.has(pid)) family.push(pid);
  }
  return family;
}

/** Own pages of each process; pages shared between members (Postgres buffers) count once. */
async function readMemory(family: readonly number[]): Promise<number> {
  let own = 0;
  let shared = 0;
  for (const pid of family) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    const bytesOf = (field: string): number => Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) * 1024;
    own += bytesOf('RssAnon') + bytesOf('RssFile');
    shared = Math.max(shared, bytesOf('RssShmem'));
  }
  return own + shared;
}
