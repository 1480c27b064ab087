import { loadResultSchema, type LoadResult, type Loop } from '../load/load-job.js';
import { readUsage, type UsageByName } from '../measure/process-usage.js';
import { formatNumber } from '../report/format-number.js';
import { videoModels, type VideoModel } from '../upstream/videos-model.js';
import type { DurablePart } from './durable-part.js';
import type { DurableStand } from './durable-stand.js';
import { count, describeErrors, milliseconds } from './describe.js';
import { videoBody } from './videos-client.js';

const RATE = 50;
const OPEN_CONNECTIONS = 64;
const CLOSED_CONNECTIONS = 64;
const WANTED_MS = 50;
const WANTED_PER_SECOND = 1_500;
const LEAST_SHOWN_MS = 0.01;

/** At 50 a second: everything works, and every video is submitted at once. */
export const acknowledgePart: DurablePart = {
  name: 'acknowledge',
  async run(stand, { length }) {
    const loop = { type: 'open', connections: OPEN_CONNECTIONS, ratePerSecond: RATE } as const;
    const result = await post(stand, {
      model: videoModels.endless,
      loop,
      durationMs: length === 'quick' ? 4_000 : 10_000,
    });
    const { latencyMs: latency } = result;
    return {
      lines: [
        {
          title: `POST /v1/videos is acknowledged in less than ${WANTED_MS} ms (p99) at ${RATE} a second`,
          figures: `p50 ${milliseconds(latency?.p50)}, p99 ${milliseconds(latency?.p99)}${describeErrors(result.errors)}`,
          isMet: latency !== null && latency.p99 < WANTED_MS && Object.keys(result.errors).length === 0,
        },
      ],
      raw: result,
    };
  },
};

/** As many as there can be: the vendor's account has one slot, so that submissions take no part of the machine. */
export const acceptPart: DurablePart = {
  name: 'accept',
  async run(stand, { length }) {
    const loop = { type: 'closed', connections: CLOSED_CONNECTIONS } as const;
    const durationMs = length === 'quick' ? 2_000 : 6_000;
    const before = await readUsage(stand.pids);
    const result = await post(stand, { model: videoModels.waiting, loop, durationMs });
    const millisEach = cpuEach({ before, after: await readUsage(stand.pids) }, result.answeredInAll);
    const rows = await countRows(stand, videoModels.waiting);
    return {
      lines: [
        {
          title: `at least ${count(WANTED_PER_SECOND)} videos a second are accepted durably (${CLOSED_CONNECTIONS} connections, one slot at the vendor: they wait)`,
          figures: `${count(result.requestsPerSecond)}/s, p99 ${milliseconds(result.latencyMs?.p99)}, ${count(rows)} rows for ${count(result.answeredInAll)} answers, CPU ms each: ${describeCpu(millisEach)}${describeErrors(result.errors)}`,
          isMet: result.requestsPerSecond >= WANTED_PER_SECOND && rows >= result.completed,
        },
      ],
      raw: { ...result, rows, millisEach },
    };
  },
};

async function post(
  { run, generator }: DurableStand,
  { model, loop, durationMs }: { model: VideoModel; loop: Loop; durationMs: number },
): Promise<LoadResult> {
  const result = await generator.run({
    url: `${run.gateway}/v1/videos`,
    headers: { authorization: `Bearer ${run.apiKey}` },
    body: JSON.stringify(videoBody(model, 'A gate in a river, slowly opening')),
    answer: 'plain',
    expects: { status: 200, text: '"status":"queued"' },
    loop,
    settleMs: 2_000,
    durationMs,
    timeoutMs: 15_000,
    chunksPerStream: 0,
  });
  return loadResultSchema.parse(result);
}

/** Where the machine's time goes, by process. */
function cpuEach(
  { before, after }: { before: UsageByName; after: UsageByName },
  calls: number,
): Record<string, number> {
  const each = Object.entries(after).map(([name, { cpuSeconds }]): [string, number] => [
    name,
    ((cpuSeconds - (before[name]?.cpuSeconds ?? 0)) * 1_000) / calls,
  ]);
  return Object.fromEntries(each.filter(([, millis]) => millis >= LEAST_SHOWN_MS));
}

function describeCpu(millisEach: Readonly<Record<string, number>>): string {
  return Object.entries(millisEach)
    .map(([name, millis]) => `${name} ${formatNumber(millis)}`)
    .join(', ');
}

async function countRows({ postgres }: DurableStand, model: VideoModel): Promise<number> {
  const { rows } = await postgres.query<{ count: string }>({
    text: 'SELECT count(*) FROM durable_generation WHERE model = $1',
    values: [model],
  });
  return Number(rows[0]?.count ?? 0);
}
