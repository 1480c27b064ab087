import { get } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { z } from 'zod';
import { monotonicMicros } from '../measure/monotonic-clock.js';
import { percentilesOf } from '../measure/percentiles.js';
import type { BenchLine } from '../report/bench-line.js';
import { pacedVideoMs, videoModels, type VideoModel } from '../upstream/videos-model.js';
import { count, milliseconds } from './describe.js';
import type { DurablePart, PartOptions } from './durable-part.js';
import type { DurableStand } from './durable-stand.js';
import { VideosClient } from './videos-client.js';

const VIDEOS = { full: 200, quick: 50 };
const WANTED_MS = 250;
/** Posted one after the other over so long: each is due at times of its own. */
const SPREAD_MS = 8_000;
const END_WITHIN_MS = pacedVideoMs + 20_000;

const toldSchema = z.array(z.object({ prompt: z.string(), toldMicros: z.record(z.string(), z.number()) }));
const progressSchema = z.object({ type: z.literal('progress'), progress: z.number() });

/** One account that is asked for each video, and one that lists them all. */
const ACCOUNTS = [
  { model: videoModels.paced, how: 'each asked for by itself' },
  { model: videoModels.listed, how: 'listed 100 at a time' },
] as const;

/** A client on every video's events, from the first to the last; told and seen are times of one clock. */
export const progressPart: DurablePart = {
  name: 'progress',
  async run(stand, options) {
    const lines: BenchLine[] = [];
    const raw: Record<string, unknown> = {};
    for (const account of ACCOUNTS) {
      const measured = await measure(stand, account, options);
      lines.push(measured.line);
      raw[account.model] = measured.raw;
    }
    return { lines, raw };
  },
};

async function measure(stand: DurableStand, { model, how }: (typeof ACCOUNTS)[number], { length }: PartOptions) {
  const client = new VideosClient(stand.run);
  const seen = await Promise.all(
    Array.from({ length: VIDEOS[length] }, async (_, index) => {
      const prompt = `progress ${index}`;
      await pause((index * SPREAD_MS) / VIDEOS[length]);
      const { id } = await client.create(model, prompt);
      return { prompt, seenMicros: await watch(stand, id.replace('video_', 'gen_')) };
    }),
  );
  const told = new Map((await readTold(stand, model)).map(({ prompt, toldMicros }) => [prompt, toldMicros]));
  const delays = seen.flatMap(({ prompt, seenMicros }) =>
    Object.entries(told.get(prompt) ?? {}).map(
      ([progress, toldAt]) => (seenAt(seenMicros, Number(progress)) - toldAt) / 1000,
    ),
  );
  const delay = percentilesOf(delays);
  return {
    line: {
      title: `progress is seen by a client of the events less than ${WANTED_MS} ms (p99) after the upstream told it: ${how}`,
      figures: `p50 ${milliseconds(delay?.p50)}, p99 ${milliseconds(delay?.p99)}; ${count(delays.length)} steps of ${seen.length} videos`,
      isMet: delay !== null && delay.p99 < WANTED_MS && delays.length >= seen.length * 3,
    },
    raw: { videos: seen.length, delayMs: delay },
  };
}

/** When it was known to be so far, or farther: what was told meanwhile hides what was told before. */
function seenAt(seenMicros: ReadonlyMap<number, number>, progress: number): number {
  const later = [...seenMicros].filter(([seen]) => seen >= progress).map(([, atMicros]) => atMicros);
  return Math.min(...later);
}

/** When each progress came; resolves at the end of the events. */
function watch({ run }: DurableStand, generationId: string): Promise<Map<number, number>> {
  const seen = new Map<number, number>();
  return new Promise((resolve, reject) => {
    const url = `${run.gateway}/v1/generations/${generationId}/events`;
    const headers = { authorization: `Bearer ${run.apiKey}` };
    const call = get(url, { headers, timeout: END_WITHIN_MS }, (response) => {
      let rest = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        const atMicros = monotonicMicros();
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const progress of lines.flatMap(progressIn)) if (!seen.has(progress)) seen.set(progress, atMicros);
      });
      response.once('end', () => resolve(seen));
      response.once('error', reject);
    });
    call.once('error', reject);
    call.once('timeout', () => call.destroy(new Error('a video did not end')));
  });
}

function progressIn(line: string): number[] {
  if (!line.startsWith('data:')) return [];
  const found = progressSchema.safeParse(JSON.parse(line.slice('data:'.length)));
  return found.success ? [found.data.progress] : [];
}

async function readTold({ vendorUrl }: DurableStand, model: VideoModel): Promise<z.infer<typeof toldSchema>> {
  const { body } = await request(`${vendorUrl}/told?account=${model}`);
  return toldSchema.parse(await body.json());
}
