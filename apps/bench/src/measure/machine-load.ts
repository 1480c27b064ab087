import { readFile } from 'node:fs/promises';

const ticksPerSecond = 100;

export interface MachineTime {
  readonly busySeconds: number;
  readonly idleSeconds: number;
}

/** CPU seconds of all cores since the machine started; a hypervisor's stolen time counts as busy. */
export async function readMachineTime(): Promise<MachineTime | undefined> {
  const text = await readFile('/proc/stat', 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  // user nice system idle iowait irq softirq steal; guest time is part of user already.
  const ticks = (text.split('\n')[0] ?? '').split(/\s+/).slice(1, 9).map(Number);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  const all = ticks.reduce((sum, value) => sum + value, 0);
  return { busySeconds: (all - idle) / ticksPerSecond, idleSeconds: idle / ticksPerSecond };
}

/** Shares of the whole machine: left idle, and taken by processes that have no part in the measurement. */
export interface MachineShare {
  readonly idle: number;
  readonly others: number;
}

export function machineShare(
  times: { before: MachineTime | undefined; after: MachineTime | undefined },
  ownCpuSeconds: number,
): MachineShare | null {
  if (times.before === undefined || times.after === undefined) return null;
  const busy = times.after.busySeconds - times.before.busySeconds;
  const idle = times.after.idleSeconds - times.before.idleSeconds;
  const all = busy + idle;
  return all <= 0 ? null : { idle: idle / all, others: Math.max(0, busy - ownCpuSeconds) / all };
}
