import assert from 'node:assert/strict';
import { availableParallelism, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { judgeQuotaCalls, type ClosedWindow, type QuotaCall } from '@sluice/testing/judge-quota-calls';
import { httpCall } from '../../harness/http-call.js';
import { chatBody, type SluiceClient } from '../../harness/sluice-client.js';
import type { Check } from '../capability.js';
import { establish, planQuotas, type QuotaPlan } from './quota-plan.js';

const CLIENTS = 60;
const GRACE_MS = 250;
/** Every process of a machine that is busy is kept waiting now and then: what this one was counts as on the way. */
const LAG_RESOLUTION_MS = 10;
/** More than this run makes by itself: others are at work. */
const CROWDED_LOAD = 4;
const CROWDED_SHARE = 0.01;
/** A day that is over stays so for longer than this takes. */
const LONG_MS = 3_600_000;
/** The last ends before there is nothing more to do say nothing. */
const IDLE_MS = 3_000;
/** With every processor busy with something else, what is due comes a little later. */
const PROMPT_MEDIAN_MS = 250;
const UNEVEN = 2;

/** Reused by each check: the load is put on once. */
interface Load {
  plan: QuotaPlan;
  answers: readonly { status: number; text: string }[];
  calls: readonly SeenCall[];
  windows: readonly ClosedWindow[];
  tookMs: number;
  /** When the last request was put on. */
  drainedAtMs: number;
  lagMs: number;
  loadPerProcessor: number;
}

type SeenCall = QuotaCall & { key: string; isServed: boolean };

export function quotaChecks(client: SluiceClient): Check[] {
  let load: Promise<Load> | undefined;
  const loaded = (): Promise<Load> => (load ??= putOn(client));
  return [
    {
      title: '100 keys in 20 projects, mixed limits, 5,000 requests: nobody is answered 429, everybody is served',
      prove: async () => proveServed(await loaded()),
    },
    {
      title: `nothing is sent to a project and model later than ${GRACE_MS} ms after its first 429, till RetryInfo has passed`,
      prove: async () => proveObeyed(await loaded()),
    },
    { title: 'and not longer: who waits is served when it has', prove: async () => provePrompt(await loaded()) },
    { title: 'successes are spread as the strategy says: in turn', prove: async () => proveSpread(await loaded()) },
  ];
}

async function putOn(client: SluiceClient): Promise<Load> {
  const plan = planQuotas(`quota-${Date.now()}`);
  await establish(client, plan);
  const models = shuffled(Object.entries(plan.requests).flatMap(([model, count]) => Array<string>(count).fill(model)));
  const startedAt = performance.now();
  const lag = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  lag.enable();
  let drainedAtMs = Number.POSITIVE_INFINITY;
  const answers: { status: number; text: string }[] = [];
  const work = async (): Promise<void> => {
    for (let model = models.pop(); model !== undefined; model = models.pop()) {
      if (models.length === 0) drainedAtMs = Date.now();
      answers.push(await client.call('/v1/chat/completions', { body: { ...chatBody('hello'), model } }));
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, work));
  const tookMs = performance.now() - startedAt;
  lag.disable();
  const lagMs = Math.max(0, Math.round(lag.max / 1e6) - LAG_RESOLUTION_MS);
  const loadPerProcessor = (loadavg()[0] ?? 0) / availableParallelism();
  const calls = await readCalls(client, plan);
  return {
    plan,
    answers,
    calls,
    windows: judgeQuotaCalls(calls, GRACE_MS + lagMs),
    loadPerProcessor,
    tookMs,
    drainedAtMs,
    lagMs,
  };
}

/** By the upstream's own clock and journal. */
async function readCalls(client: SluiceClient, plan: QuotaPlan): Promise<SeenCall[]> {
  const read = async (model: string): Promise<SeenCall[]> => {
    const query = new URLSearchParams({ model, limit: '20000' });
    const answer = await httpCall({ url: `${client.run.simulator}/__control/requests?${query.toString()}` });
    const { requests, forgotten } = answer.json() as { requests: SimulatedRecord[]; forgotten: number };
    assert.equal(forgotten, 0, 'the journal of the upstream is too short for this');
    return requests.map(({ key, receivedAt, finishedAt, refusedForMs, status }) => {
      const number = plan.projectOf(key);
      const isOfDay = plan.quotasOf(number).some((quota) => quota.model === model && quota.unit === 'day');
      return {
        key,
        model,
        project: `project ${number}`,
        atMs: receivedAt,
        toldAtMs: finishedAt,
        ...(refusedForMs !== undefined && { refusedForMs: isOfDay ? LONG_MS : refusedForMs }),
        isServed: status === 200,
      };
    });
  };
  return (await Promise.all(Object.keys(plan.requests).map(read))).flat();
}

interface SimulatedRecord {
  key: string;
  receivedAt: number;
  finishedAt?: number;
  refusedForMs?: number;
  status: number;
}

function proveServed({ answers, calls, tookMs }: Load): string {
  const statuses = new Map<number, number>();
  for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const told = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
  const strange = answers.find(({ status }) => status !== 200);
  assert.equal(strange, undefined, `${told}; ${strange?.text}`);
  assert.equal(answers.length, 5_000);
  const refused = calls.filter(({ refusedForMs }) => refusedForMs !== undefined).length;
  return `${told} in ${(tookMs / 1000).toFixed(0)} s; the upstream saw ${calls.length} calls and refused ${refused}`;
}

function proveObeyed({ windows, calls, lagMs, loadPerProcessor }: Load): string {
  const late = windows.flatMap(({ lateAtMs, refusedAtMs }) => lateAtMs.map((atMs) => atMs - refusedAtMs));
  assert.ok(windows.length > 100, `only ${windows.length} limits were met`);
  const onTheWay = windows.reduce((sum, each) => sum + each.onTheWay, 0);
  const closed = new Set(windows.map(({ project, model }) => `${project} ${model}`)).size;
  const figures = `${windows.length} times closed (${closed} of 40 projects and models), ${onTheWay} of ${calls.length} calls on the way within ${GRACE_MS} ms and the ${lagMs} ms that this machine kept a timer waiting, ${late.length} later (at most ${Math.max(0, ...late)} ms); load ${loadPerProcessor.toFixed(1)} a processor`;
  // Who has a processor to himself for a moment in four only sends late what he decided in time.
  const isCrowded = loadPerProcessor > CROWDED_LOAD;
  assert.ok(late.length <= (isCrowded ? calls.length * CROWDED_SHARE : 0), figures);
  return figures;
}

function provePrompt({ windows, drainedAtMs, loadPerProcessor }: Load): string {
  // Those that end while there is still something to do.
  const ended = windows.filter(({ endsAtMs }) => endsAtMs < drainedAtMs - IDLE_MS);
  const idle = ended.filter(({ nextCallAtMs }) => nextCallAtMs === undefined);
  const toldIdle = idle.map(
    ({ project, model, endsAtMs }) => `${project} ${model} ${drainedAtMs - endsAtMs} ms before`,
  );
  assert.deepEqual(toldIdle, [], `of ${ended.length}`);
  const waits = ended
    .map(({ nextCallAtMs = 0, endsAtMs }) => Math.max(0, nextCallAtMs - endsAtMs))
    .sort((a, b) => a - b);
  const at = (share: number): number => waits[Math.floor(share * (waits.length - 1))] ?? 0;
  const figures = `used again ${at(0.5)} ms (median), ${at(0.95)} ms (p95), ${at(1)} ms (longest) after the end; ${waits.length} ends`;
  assert.ok(at(0.5) <= PROMPT_MEDIAN_MS * Math.max(1, loadPerProcessor / CROWDED_LOAD), figures);
  return figures;
}

/** Keys of one project share its limits: among them, all have as much to do. */
function proveSpread({ plan, calls }: Load): string {
  const served = new Map(plan.keys.map((key) => [key.slice(-4), 0]));
  for (const { key, isServed } of calls) if (isServed) served.set(key.slice(-4), (served.get(key.slice(-4)) ?? 0) + 1);
  const projects = new Map<number, number[]>();
  for (const [key, count] of served)
    projects.set(plan.projectOf(key), [...(projects.get(plan.projectOf(key)) ?? []), count]);
  const shares = [...projects.values()].map((counts) => Math.max(...counts) / (sum(counts) / counts.length));
  const counts = [...served.values()];
  const figures = `${Math.min(...counts)} to ${Math.max(...counts)} a key; within a project at most ${Math.max(...shares).toFixed(2)} times its mean`;
  assert.ok(Math.max(...shares) < UNEVEN && Math.min(...counts) > 0, figures);
  return figures;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function shuffled<Item>(items: Item[]): Item[] {
  return items
    .map((item, index) => ({ item, order: (index * 7_919) % items.length }))
    .sort((left, right) => left.order - right.order)
    .map(({ item }) => item);
}
