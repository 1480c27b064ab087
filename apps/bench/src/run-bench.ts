import type { BenchOptions } from './bench-options.js';
import { LoadGenerator } from './load/load-generator.js';
import { describeMachine } from './measure/machine.js';
import { seededRandom, shuffled } from './measure/seeded-random.js';
import { measureIdleStreams } from './measure-idle-streams.js';
import { measureTarget } from './measure-target.js';
import type { BenchRun, IdleStreams, Measurement } from './measurement.js';
import { stopChild } from './process/child-process.js';
import { scenariosOf } from './scenario.js';
import type { RunningTarget, Target, TargetSetting } from './targets/target.js';
import { startStandIn } from './upstream/stand-in.js';

interface Harness {
  readonly options: BenchOptions;
  readonly setting: TargetSetting;
  readonly generator: LoadGenerator;
  readonly harnessPids: Readonly<Record<string, number>>;
  readonly report: (line: string) => void;
}

/**
 * One target runs at a time. Kept running, an idle target still wakes (Postgres checkpoints, timers, collectors) and
 * holds memory, at the cost of whichever is measured. What the machine does over the minutes is evened out by visiting
 * all targets in every repetition, in random order, each time started anew and warmed up.
 */
export async function runBench(options: BenchOptions, report: (line: string) => void): Promise<BenchRun> {
  const machine = await describeMachine();
  const standIn = await startStandIn();
  const generator = await LoadGenerator.start();
  const setting = {
    upstreamUrl: `http://127.0.0.1:${standIn.port}`,
    upstreamPid: standIn.pid,
    profileFolder: options.profileFolder,
  };
  const harnessPids = { generator: generator.pid, upstream: standIn.pid };
  const harness = { options, setting, generator, harnessPids, report };
  try {
    return {
      startedAt: new Date().toISOString(),
      seed: options.seed,
      repetitions: options.repetitions,
      secondsPerScenario: options.seconds,
      machine,
      measurements: await runRepetitions(harness),
      idleStreams: options.idleCount > 0 ? await runIdleStreams(harness) : [],
    };
  } finally {
    await generator.stop();
    await stopChild(standIn.child);
  }
}

async function runRepetitions({ options, setting, ...harness }: Harness): Promise<Measurement[]> {
  const random = seededRandom(options.seed);
  const scenarios = scenariosOf(options);
  const measurements: Measurement[] = [];
  for (let repetition = 1; repetition <= options.repetitions; repetition += 1) {
    for (const { name, start } of shuffled(options.targets, random)) {
      harness.report(`repetition ${repetition} of ${options.repetitions}: ${name}`);
      const durationMs = options.seconds * 1000;
      const measured = await during(start(setting), (target) =>
        measureTarget({ ...harness, name, target, repetition, durationMs, random }, scenarios),
      );
      measurements.push(...measured);
    }
  }
  return measurements;
}

async function runIdleStreams({ options, setting, generator, report }: Harness): Promise<IdleStreams[]> {
  const results: IdleStreams[] = [];
  for (const { name, start } of options.targets) {
    report(`${options.idleCount} idle streams: ${name}`);
    const result = await during(start(setting), (target) =>
      measureIdleStreams({ name, target, generator }, options.idleCount),
    );
    if (result === undefined) report(`  ${name} answers no stream: left out`);
    else results.push(result);
  }
  return results;
}

async function during<T>(
  starting: ReturnType<Target['start']>,
  work: (target: RunningTarget) => Promise<T>,
): Promise<T> {
  const target = await starting;
  try {
    return await work(target);
  } finally {
    await target.stop();
  }
}
