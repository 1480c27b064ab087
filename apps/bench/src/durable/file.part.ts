import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { readRssBytes, readThreadCpuMs } from '../measure/thread-cpu.js';
import type { BenchLine } from '../report/bench-line.js';
import { formatNumber } from '../report/format-number.js';
import { largeVideoBytes, videoModels } from '../upstream/videos-model.js';
import { megabytes } from './describe.js';
import { download } from './download.js';
import type { DurablePart } from './durable-part.js';
import type { DurableStand } from './durable-stand.js';
import { startNginx } from './nginx.js';
import { VideosClient } from './videos-client.js';

const WARM_UPS = 3;
const ROUNDS = { full: 20, quick: 6 };
/** Half of a file: who held it whole would show twice that. */
const WANTED_GROWTH_BYTES = 50_000_000;
const WANTED_SHARE = 0.5;

/** Sluice and nginx by turns, the same file, the same client. */
export const filePart: DurablePart = {
  name: 'file',
  async run(stand, { length }) {
    const client = new VideosClient(stand.run);
    const { id } = await client.create(videoModels.large, 'a long film');
    await client.untilCompleted(id, 30_000);
    const url = `${stand.run.gateway}/v1/videos/${id}/content`;
    const headers = { authorization: `Bearer ${stand.run.apiKey}` };
    const gatewayPid = stand.pids['gateway'] ?? 0;
    const nginx = await startNginx(await findFile(stand));
    try {
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < WARM_UPS; round += 1) await download(url, headers);
      const [rssBefore, cpuBefore] = [await readRssBytes(gatewayPid), await readThreadCpuMs(gatewayPid)];
      let rssPeak = rssBefore;
      for (let round = 0; round < ROUNDS[length]; round += 1) {
        ours.push(rateOf(await download(url, headers)));
        rssPeak = Math.max(rssPeak, await readRssBytes(gatewayPid));
        if (nginx) theirs.push(rateOf(await download(nginx.url, {})));
      }
      const cpuMs = ((await readThreadCpuMs(gatewayPid)) - cpuBefore) / ours.length;
      const growth = rssPeak - rssBefore;
      const raw = { ours, theirs, rssBefore, rssPeak, cpuMs };
      return { lines: [memoryLine(growth, ours.length), rateLine({ ours, theirs, cpuMs })], raw };
    } finally {
      await nginx?.stop();
    }
  },
};

function memoryLine(growth: number, rounds: number): BenchLine {
  return {
    title: 'a file of 100 MB is served in constant memory',
    figures: `the gateway grew by ${megabytes(growth)} at most in ${rounds} downloads`,
    isMet: growth < WANTED_GROWTH_BYTES,
  };
}

function rateLine({ ours, theirs, cpuMs }: { ours: number[]; theirs: number[]; cpuMs: number }): BenchLine {
  const own = `${formatNumber(median(ours))} GB/s, ${formatNumber(cpuMs)} ms of CPU a file`;
  const title = 'and at least half as fast as by nginx';
  if (theirs.length === 0) return { title, figures: `${own}; nginx is not installed: not compared`, isMet: false };
  const share = median(ours) / median(theirs);
  return {
    title,
    figures: `${own}; nginx ${formatNumber(median(theirs))} GB/s: ${formatNumber(share)} ×`,
    isMet: share >= WANTED_SHARE,
  };
}

function rateOf({ bytes, tookMs }: { bytes: number; tookMs: number }): number {
  if (bytes !== largeVideoBytes) throw new Error(`${bytes} bytes came of a file of ${largeVideoBytes}`);
  return bytes / tookMs / 1e6;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

/** The one file of that size in the media store. */
async function findFile({ home }: DurableStand): Promise<string> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    if ((await stat(file).catch(() => undefined))?.size === largeVideoBytes) return file;
  }
  throw new Error('the media store has no file of 100 MB');
}
