import type { BenchOptions } from './bench-options.js';
import type { LoadJob, Loop } from './load/load-job.js';
import type { RunningTarget } from './targets/target.js';
import { benchModels, chunksPerStream } from './upstream/bench-model.js';
import type { BenchModel } from './upstream/bench-model.js';

/** One thing that is measured at every target in the same way. */
export interface Scenario {
  /** Such as `plain-c32` (closed loop, 32 connections) or `streamed-r300` (open loop, 300 a second). */
  readonly id: string;
  /** Paced: a stream whose chunks come 10 ms apart, to see whether a chunk is forwarded at once. */
  readonly kind: 'plain' | 'streamed' | 'paced';
  readonly loop: Loop;
}

const closedConnections = [1, 32, 128] as const;
const openConnections = 256;
const pacedConnections = 8;
/** What was held still has timers to catch up with, and cold caches. */
const settleMs = 2000;
const timeoutMs = 15_000;

/** All, or those that are named, by their ids or kinds. Throws a TypeError for a name that none has. */
export function scenariosOf({ only, rates }: Pick<BenchOptions, 'only' | 'rates'>): Scenario[] {
  const all = allScenarios(rates);
  const unknown = only?.find((name) => !all.some(({ id, kind }) => name === id || name === kind));
  if (unknown !== undefined) throw new TypeError(`--only: there is no '${unknown}'`);
  return all.filter(({ id, kind }) => only === undefined || only.includes(id) || only.includes(kind));
}

function allScenarios(rates: BenchOptions['rates']): Scenario[] {
  const scenarios: Scenario[] = [];
  for (const kind of ['plain', 'streamed'] as const) {
    for (const connections of closedConnections) scenarios.push(closedScenario(kind, connections));
    const ratePerSecond = rates[kind];
    const loop = { type: 'open', connections: openConnections, ratePerSecond } as const;
    scenarios.push({ id: `${kind}-r${ratePerSecond}`, kind, loop });
  }
  scenarios.push(closedScenario('paced', pacedConnections));
  return scenarios;
}

export function closedScenario(kind: Scenario['kind'], connections: number): Scenario {
  return { id: `${kind}-c${connections}`, kind, loop: { type: 'closed', connections } };
}

export function jobOf(
  scenario: Scenario,
  { target, durationMs }: { target: RunningTarget; durationMs: number },
): LoadJob {
  const model = scenario.kind === 'paced' ? benchModels.paced : benchModels.instant;
  return {
    ...requestOf(target, { model, answer: scenario.kind === 'plain' ? 'plain' : 'streamed' }),
    loop: scenario.loop,
    settleMs,
    durationMs,
    timeoutMs,
  };
}

/** Every stream is begun within the ramp and takes a second a chunk. */
export function idleJobOf(target: RunningTarget, count: number): LoadJob {
  const rampMs = count * 2;
  return {
    ...requestOf(target, { model: benchModels.idle, answer: 'streamed' }),
    loop: { type: 'once', connections: count, rampMs },
    settleMs: 0,
    durationMs: rampMs + chunksPerStream * 1000,
    timeoutMs: 2 * chunksPerStream * 1000,
  };
}

function requestOf(target: RunningTarget, { model, answer }: { model: BenchModel; answer: LoadJob['answer'] }) {
  const messages = [
    { role: 'system', content: 'You are a careful assistant. Answer in one sentence.' },
    { role: 'user', content: 'What should a gateway add to what it carries, and why so little?' },
  ];
  const body = JSON.stringify({ model, messages, temperature: 0.5, stream: answer === 'streamed' });
  return { url: target.url, headers: { ...target.headers }, body, answer, chunksPerStream };
}
