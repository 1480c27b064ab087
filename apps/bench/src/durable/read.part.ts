import { loadResultSchema, type LoadResult } from '../load/load-job.js';
import type { BenchLine } from '../report/bench-line.js';
import { videoModels } from '../upstream/videos-model.js';
import { count, describeErrors, milliseconds } from './describe.js';
import type { DurablePart } from './durable-part.js';
import type { DurableStand } from './durable-stand.js';
import { VideosClient } from './videos-client.js';

const CONNECTIONS = 64;
const WANTED_PER_SECOND = 8_000;

/** Every connection asks for a video of its own, again and again. */
export const readPart: DurablePart = {
  name: 'read',
  async run(stand, { length }) {
    const client = new VideosClient(stand.run);
    const made = Array.from({ length: CONNECTIONS }, (_, index) => client.create(videoModels.endless, `read ${index}`));
    const paths = (await Promise.all(made)).map(({ id }) => `/v1/videos/${id}`);
    await stand.postgres.query({
      text: "UPDATE durable_generation SET poll_at = now() + interval '1 hour' WHERE poll_at IS NOT NULL",
    });
    const durationMs = length === 'quick' ? 2_000 : 6_000;
    const whole = await get(stand, { paths, durationMs });
    const etag = (await client.etagOf(paths[0] ?? '')) ?? '';
    const known = await get(stand, { paths, durationMs, etag });
    return {
      lines: [line('GET /v1/videos/{id}', whole), line('the same with If-None-Match: 304', known)],
      raw: { whole, known },
    };
  },
};

function line(title: string, result: LoadResult): BenchLine {
  return {
    title: `${title}: at least ${count(WANTED_PER_SECOND)} a second at one gateway (${CONNECTIONS} connections)`,
    figures: `${count(result.requestsPerSecond)}/s, p50 ${milliseconds(result.latencyMs?.p50)}, p99 ${milliseconds(result.latencyMs?.p99)}${describeErrors(result.errors)}`,
    isMet: result.requestsPerSecond >= WANTED_PER_SECOND,
  };
}

async function get(
  { run, generator }: DurableStand,
  { paths, durationMs, etag }: { paths: readonly string[]; durationMs: number; etag?: string },
): Promise<LoadResult> {
  const isKnown = etag !== undefined;
  const result = await generator.run({
    url: run.gateway,
    method: 'GET',
    paths: [...paths],
    headers: { authorization: `Bearer ${run.apiKey}`, ...(isKnown && { 'if-none-match': etag }) },
    body: '',
    answer: 'plain',
    expects: isKnown ? { status: 304, text: '' } : { status: 200, text: '"object":"video"' },
    loop: { type: 'closed', connections: CONNECTIONS },
    settleMs: 2_000,
    durationMs,
    timeoutMs: 15_000,
    chunksPerStream: 0,
  });
  return loadResultSchema.parse(result);
}
