import type { BenchOptions } from './bench-options.js';
import { LoadGenerator } from './load/load-generator.js';
import { describeMachine } from './measure/machine.js';
import { seededRandom } from './measure/seeded-random.js';
import { measureByTurns } from './measure-by-turns.js';
import { measureIdleStreams } from './measure-idle-streams.js';
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
      turns: options.turns,
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

async function runRepetitions({ options, report, ...harness }: Harness): Promise<Measurement[]> {
  const { targets, repetitions, turns } = options;
  const random = seededRandom(options.seed);
  const scenarios = scenariosOf(options);
  const measurements: Measurement[] = [];
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    report(`repetition ${repetition + 1} of ${repetitions}`);
    const firstTurn = repetition * turns + 1;
    const durationMs = options.seconds * 1000;
    measurements.push(
      ...(await measureByTurns({ ...harness, targets, scenarios, turns, firstTurn, durationMs, random, report })),
    );
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
