import type { LoadGenerator } from './load/load-generator.js';
import { machineShare, readMachineTime } from './measure/machine-load.js';
import type { UsageByName } from './measure/process-usage.js';
import { readUsage } from './measure/process-usage.js';
import { shuffled } from './measure/seeded-random.js';
import type { Measurement } from './measurement.js';
import { closedScenario, jobOf } from './scenario.js';
import type { Scenario } from './scenario.js';
import type { RunningTarget } from './targets/target.js';

/** Services run for weeks: what is measured is not the compiler. */
const warmUpMs = { plain: 8000, streamed: 4000 };
const warmUpConnections = 32;
/** Long enough to record how a target fails, when its warm-up gave no good answer at all. */
const failingMs = 300;

export interface TargetVisit {
  readonly name: string;
  readonly target: RunningTarget;
  readonly generator: LoadGenerator;
  readonly harnessPids: Readonly<Record<string, number>>;
  readonly repetition: number;
  readonly durationMs: number;
  readonly random: () => number;
}

/** Warms a started target up and measures every scenario in random order. */
export async function measureTarget(visit: TargetVisit, scenarios: readonly Scenario[]): Promise<Measurement[]> {
  const works = {
    plain: await warmUp(visit, 'plain'),
    streamed: await warmUp(visit, 'streamed'),
  };
  const measurements: Measurement[] = [];
  for (const scenario of shuffled(scenarios, visit.random)) {
    const isWorking = works[scenario.kind === 'plain' ? 'plain' : 'streamed'];
    const durationMs = isWorking ? visit.durationMs : failingMs;
    measurements.push(await measureScenario({ ...visit, durationMs }, scenario));
  }
  return measurements;
}

/** Compiled code, open connections and full caches first; tells whether any answer was good. */
async function warmUp({ target, generator }: TargetVisit, kind: 'plain' | 'streamed'): Promise<boolean> {
  const scenario = closedScenario(kind, warmUpConnections);
  const result = await generator.run(jobOf(scenario, { target, durationMs: warmUpMs[kind] }));
  return result.completed > 0;
}

async function measureScenario(visit: TargetVisit, scenario: Scenario): Promise<Measurement> {
  const { target, generator } = visit;
  const before = await readAll(visit);
  const result = await generator.run(jobOf(scenario, { target, durationMs: visit.durationMs }));
  const after = await readAll(visit);
  const usage = difference(after.target, before.target);
  const cpuSeconds = total(usage, 'cpuSeconds');
  const harnessCpuSeconds = total(difference(after.harness, before.harness), 'cpuSeconds');
  // Called directly, the stand-in is target and harness at once.
  const shared = visit.name === 'direct' ? cpuSeconds : 0;
  return {
    ...result,
    target: visit.name,
    scenario: scenario.id,
    repetition: visit.repetition,
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

async function readAll({ target, harnessPids }: TargetVisit) {
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
