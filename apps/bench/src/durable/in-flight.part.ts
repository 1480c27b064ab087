import { setTimeout as delay } from 'node:timers/promises';
import { percentilesOf, type Percentiles } from '../measure/percentiles.js';
import { readRssBytes, readThreadCpuMs } from '../measure/thread-cpu.js';
import { formatNumber } from '../report/format-number.js';
import { count, megabytes, milliseconds } from './describe.js';
import type { DurablePart, PartOptions } from './durable-part.js';
import type { DurableStand } from './durable-stand.js';
import { fillVideos } from './fill-videos.js';
import { LONGEST_INTERVAL_MS, watchPolls } from './watch-polls.js';

const COUNTS = [100, 1_000, 10_000];
const WANTED_RSS_BYTES = 400_000_000;
/** From the fewest to the most: what counts as flat. */
const FLAT = 1.5;

interface InFlight {
  videos: number;
  looks: number;
  lagMs: Percentiles | null;
  overdueMs: number;
  workerCpuMs: number;
  /** Of the worker, without what it uses when nothing is in flight. */
  microsPerLook: number;
  rssBytes: number;
}

/** Running videos are put into the rows: none of them is new, so each is looked at every 10 s. */
export const inFlightPart: DurablePart = {
  name: 'in-flight',
  async run(stand, options) {
    const pid = stand.pids['sora-worker'] ?? 0;
    const idleMsPerSecond = await measureIdle(stand, { pid, ...options });
    const measured: InFlight[] = [];
    for (const videos of COUNTS) {
      const one = await measure(stand, { pid, videos, idleMsPerSecond, ...options });
      options.print(describe(one));
      measured.push(one);
    }
    await fillVideos(stand, 0);
    const [few, most] = [measured[0], measured.at(-1)];
    if (!few || !most) throw new Error('Nothing was measured.');
    const growth = most.microsPerLook / few.microsPerLook;
    const lag = most.lagMs?.p99 ?? Infinity;
    return {
      lines: [
        {
          title: `${count(most.videos)} videos in flight on one worker: less than ${megabytes(WANTED_RSS_BYTES)}`,
          figures: megabytes(most.rssBytes),
          isMet: most.rssBytes < WANTED_RSS_BYTES,
        },
        {
          title: `they are looked at less than two intervals of 10 s late (p99)`,
          figures: `p50 ${milliseconds(most.lagMs?.p50)}, p99 ${milliseconds(lag)}, ${count(most.looks)} looks`,
          isMet: lag < 2 * LONGEST_INTERVAL_MS && most.looks >= most.videos && most.overdueMs < 2 * LONGEST_INTERVAL_MS,
        },
        {
          title: `a look costs the worker at ${count(most.videos)} less than ${FLAT} times what it costs at ${count(few.videos)}`,
          figures: measured.map((one) => `${count(one.videos)}: ${formatNumber(one.microsPerLook)} µs`).join(', '),
          isMet: growth < FLAT,
        },
      ],
      raw: { idleMsPerSecond, measured },
    };
  },
};

async function measureIdle(stand: DurableStand, { pid, length }: PartOptions & { pid: number }): Promise<number> {
  const seconds = length === 'quick' ? 3 : 8;
  await fillVideos(stand, 0);
  await delay(2_000);
  const before = await readThreadCpuMs(pid);
  await delay(seconds * 1_000);
  return ((await readThreadCpuMs(pid)) - before) / seconds;
}

async function measure(
  stand: DurableStand,
  setting: PartOptions & { pid: number; videos: number; idleMsPerSecond: number },
): Promise<InFlight> {
  const { pid, videos, idleMsPerSecond, length } = setting;
  await fillVideos(stand, videos);
  // Everything has been looked at once, and comes at the pace it will keep.
  await delay(LONGEST_INTERVAL_MS + 4_000);
  const [startedAt, before] = [performance.now(), await readThreadCpuMs(pid)];
  const { looks, lagsMs, overdueMs } = await watchPolls(stand, length === 'quick' ? 12_000 : 24_000);
  const workerCpuMs = (await readThreadCpuMs(pid)) - before;
  const idleMs = (idleMsPerSecond * (performance.now() - startedAt)) / 1_000;
  const microsPerLook = looks === 0 ? Infinity : (Math.max(0, workerCpuMs - idleMs) * 1_000) / looks;
  const rssBytes = await readRssBytes(pid);
  return { videos, looks, lagMs: percentilesOf(lagsMs), overdueMs, workerCpuMs, microsPerLook, rssBytes };
}

function describe({ videos, looks, lagMs, workerCpuMs, microsPerLook, rssBytes }: InFlight): string {
  return (
    `${count(videos)} in flight: ${count(looks)} looks, late p50 ${milliseconds(lagMs?.p50)}, p99 ${milliseconds(lagMs?.p99)}; ` +
    `worker ${milliseconds(workerCpuMs)} of CPU, ${formatNumber(microsPerLook)} µs a look, ${megabytes(rssBytes)}`
  );
}
