import type { LoadGenerator } from './load/load-generator.js';
import { machineShare, readMachineTime } from './measure/machine-load.js';
import type { UsageByName } from './measure/process-usage.js';
import { readUsage } from './measure/process-usage.js';
import type { Measurement } from './measurement.js';
import { jobOf } from './scenario.js';
import type { Scenario } from './scenario.js';
import type { RunningTarget } from './targets/target.js';

export interface TargetTurn {
  readonly name: string;
  readonly target: RunningTarget;
  readonly generator: LoadGenerator;
  readonly harnessPids: Readonly<Record<string, number>>;
  readonly turn: number;
  readonly durationMs: number;
}

export async function measureScenario(scenario: Scenario, turn: TargetTurn): Promise<Measurement> {
  const { target, generator } = turn;
  const before = await readAll(turn);
  const result = await generator.run(jobOf(scenario, { target, durationMs: turn.durationMs }));
  const after = await readAll(turn);
  const usage = difference(after.target, before.target);
  const cpuSeconds = total(usage, 'cpuSeconds');
  const harnessCpuSeconds = total(difference(after.harness, before.harness), 'cpuSeconds');
  // Called directly, the stand-in is target and harness at once.
  const shared = turn.name === 'direct' ? cpuSeconds : 0;
  return {
    ...result,
    target: turn.name,
    scenario: scenario.id,
    turn: turn.turn,
    usage,
    cpuSecondsPer1000:
      Object.keys(usage).length === 0 || result.answeredInAll === 0 ? null : (cpuSeconds / result.answeredInAll) * 1000,
    rssBytes: total(usage, 'rssBytes'),
    harnessCpuSeconds,
    machineShare: machineShare(
      { before: before.machine, after: after.machine },
      cpuSeconds + harnessCpuSeconds - shared,
    ),
  };
}

async function readAll({ target, harnessPids }: TargetTurn) {
  return {
    target: await readUsage(target.pids),
    harness: await readUsage(harnessPids),
    machine: await readMachineTime(),
  };
}

function difference(after: UsageByName, before: UsageByName): UsageByName {
  return Object.fromEntries(
    Object.entries(after).map(([name, { cpuSeconds, rssBytes }]) => [
      name,
      { cpuSeconds: cpuSeconds - (before[name]?.cpuSeconds ?? 0), rssBytes },
    ]),
  );
}

function total(usage: UsageByName, field: 'cpuSeconds' | 'rssBytes'): number {
  return Object.values(usage).reduce((sum, process) => sum + process[field], 0);
}
