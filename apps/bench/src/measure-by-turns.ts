import type { LoadGenerator } from './load/load-generator.js';
import { shuffled } from './measure/seeded-random.js';
import type { Measurement } from './measurement.js';
import { measureScenario } from './measure-scenario.js';
import { Freezer } from './process/freezer.js';
import { closedScenario, jobOf } from './scenario.js';
import type { Scenario } from './scenario.js';
import type { RunningTarget, Target, TargetSetting } from './targets/target.js';

/** Services run for weeks: what is measured is not the compiler. */
const warmUpMs = { plain: 8000, streamed: 4000 };
const warmUpConnections = 32;
/** Long enough to record how a target fails, when its warm-up gave no good answer at all. */
const failingMs = 300;

export interface TurnsOptions {
  readonly targets: readonly Target[];
  readonly setting: TargetSetting;
  readonly generator: LoadGenerator;
  readonly harnessPids: Readonly<Record<string, number>>;
  readonly scenarios: readonly Scenario[];
  /** How often each target has its turn at each scenario. */
  readonly turns: number;
  /** The number of the first turn. */
  readonly firstTurn: number;
  readonly durationMs: number;
  readonly random: () => number;
  readonly report: (line: string) => void;
}

/** A started target, held still between its turns. */
interface Stand {
  readonly name: string;
  readonly target: RunningTarget;
  readonly ownPids: readonly number[];
  readonly works: Readonly<Record<'plain' | 'streamed', boolean>>;
}

/**
 * Starts all targets anew, warms each up, and lets them take turns of a second or so, in random order: the machine's speed drifts
 * by half within minutes, and a comparison is worth something only between neighbours.
 */
export async function measureByTurns(options: TurnsOptions): Promise<Measurement[]> {
  const freezer = new Freezer();
  const stands: Stand[] = [];
  try {
    for (const target of shuffled(options.targets, options.random)) {
      options.report(`  starting ${target.name}`);
      const stand = await prepare(target, options);
      stands.push(stand);
      freezer.freeze(stand.ownPids);
    }
    return await takeTurns(stands, { ...options, freezer });
  } finally {
    for (const { target, ownPids } of stands) {
      freezer.thaw(ownPids);
      await target.stop();
    }
  }
}

async function prepare({ name, start }: Target, { setting, generator, harnessPids }: TurnsOptions): Promise<Stand> {
  const target = await start(setting);
  try {
    const works = {
      plain: await warmUp(target, { generator, kind: 'plain' }),
      streamed: await warmUp(target, { generator, kind: 'streamed' }),
    };
    const shared = new Set(Object.values(harnessPids));
    return { name, target, ownPids: Object.values(target.pids).filter((pid) => !shared.has(pid)), works };
  } catch (error) {
    await target.stop();
    throw error;
  }
}

/** Compiled code, open connections and full caches first; tells whether any answer was good. */
async function warmUp(
  target: RunningTarget,
  { generator, kind }: { generator: LoadGenerator; kind: 'plain' | 'streamed' },
): Promise<boolean> {
  const scenario = closedScenario(kind, warmUpConnections);
  const result = await generator.run(jobOf(scenario, { target, durationMs: warmUpMs[kind] }));
  return result.completed > 0;
}

async function takeTurns(
  stands: readonly Stand[],
  options: TurnsOptions & { freezer: Freezer },
): Promise<Measurement[]> {
  const { scenarios, turns, firstTurn, random, freezer, report } = options;
  const measurements: Measurement[] = [];
  for (let turn = firstTurn; turn < firstTurn + turns; turn += 1) {
    report(`  turn ${turn}`);
    for (const scenario of shuffled(scenarios, random)) {
      for (const stand of shuffled(stands, random)) {
        freezer.thaw(stand.ownPids);
        measurements.push(await measureStand(stand, { ...options, scenario, turn }));
        freezer.freeze(stand.ownPids);
      }
    }
  }
  return measurements;
}

function measureStand(
  { name, target, works }: Stand,
  { scenario, turn, ...options }: TurnsOptions & { scenario: Scenario; turn: number },
): Promise<Measurement> {
  const { generator, harnessPids } = options;
  const isWorking = works[scenario.kind === 'plain' ? 'plain' : 'streamed'];
  const durationMs = isWorking ? options.durationMs : failingMs;
  return measureScenario(scenario, { name, target, generator, harnessPids, turn, durationMs });
}
