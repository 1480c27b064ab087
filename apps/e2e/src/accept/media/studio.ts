import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { eventually } from '../../harness/eventually.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { StartedSluice } from '../../harness/start-sluice.js';
import { unique } from '../../harness/unique.js';
import { readSubmissions } from '../../scenarios/durable-videos.js';
import { jobSchema, StudioBrowser, videoPageSchema, videoSchema } from '../../scenarios/studio-browser.js';
import type { Check } from '../capability.js';

/** As often as the platform's front end asks. */
const POLL = { withinMs: 150_000, everyMs: 2_000 };
const QUICK = '[[sim:queueMs=200,videoMs=1500]]';
/** Long enough to be struck in the middle, and to last until the platform is back. */
const LONG = '[[sim:queueMs=500,videoMs=20000]]';
const JOBS = 3;

interface Setting {
  client: SluiceClient;
  sluice: StartedSluice;
}

export function studioChecks({ client, sluice }: Setting): Check[] {
  const strike = (names: readonly string[]) => async () => {
    const { pids } = await sluice.readRun();
    for (const name of names) process.kill(pids[name] ?? assert.fail(`${name} does not run`), 'SIGKILL');
  };
  const restarts = [['gateway'], ['sora-worker'], ['gateway', 'sora-worker']];
  return [
    {
      title: 'the platform’s front end: from sign-up to the file, polled and streamed',
      prove: () => proveFlow(client),
    },
    ...restarts.map((names) => ({
      title: `the platform’s front end, across kill -9 of ${names.join(' and ')} while ${JOBS} jobs run`,
      prove: () => proveRestart(client, strike(names)),
    })),
  ];
}

async function proveFlow({ run }: SluiceClient): Promise<string> {
  const browser = await newBrowser(run.gateway).signUp();
  await browser.logIn();
  const me = (await browser.call('/api/auth/me')).json() as { email: string };
  assert.equal(me.email, browser.email);
  const [polled, streamed] = await Promise.all([
    browser.start(`polled ${QUICK}`),
    browser.start(`seen ${QUICK}`, 'landscape'),
  ]);
  const frames = await browser.watch(streamed.streamUrl);
  assert.equal(frames.at(-1)?.event, 'complete');
  const { videoId } = await untilEnded(browser, polled.job.id);
  const page = videoPageSchema.parse((await browser.call('/api/videos?page=1&limit=20')).json());
  assert.equal(page.pagination.total, 2);
  const bytes = await proveFile(browser, videoId ?? '');
  assert.equal((await browser.call('/api/auth/me', { method: 'DELETE' })).status, 200);
  assert.equal((await browser.call('/api/auth/me')).status, 401);
  return `${frames.length} events; files of ${bytes} bytes; the account and all of it deleted`;
}

/** Whoever had the page open polls on; who comes back logs in again and finds the jobs. */
async function proveRestart({ run }: SluiceClient, strike: () => Promise<void>): Promise<string> {
  const browser = await newBrowser(run.gateway).signUp();
  const word = unique('restart');
  const started = await Promise.all(
    Array.from({ length: JOBS }, (_, number) => browser.start(`${word} ${number} ${LONG}`)),
  );
  const ids = started.map(({ job }) => job.id);
  const watching = browser.watch(started[0]?.streamUrl ?? '').catch(() => []);
  await eventually('all are in the making', async () => (await countProcessing(browser, ids)) === JOBS, {
    withinMs: 30_000,
    everyMs: 100,
  });
  await strike();
  const startedAt = performance.now();
  await eventually('the platform is back', async () => (await browser.logIn()).token, { withinMs: 60_000 });
  const backAfter = ((performance.now() - startedAt) / 1_000).toFixed(1);
  const listed = jobSchema.array().parse((await browser.call('/api/videos/jobs')).json());
  assert.deepEqual(listed.map(({ id }) => id).toSorted(), ids.toSorted());
  const last = (await watchToTheEnd(browser, started[0]?.streamUrl ?? '')).at(-1);
  assert.equal(last?.event, 'complete');
  const jobs = await Promise.all(ids.map((id) => untilEnded(browser, id)));
  for (const { videoId } of jobs) await proveFile(browser, videoId ?? '');
  await watching;
  const submitted = [...(await readSubmissions(run.simulator ?? '', word)).values()];
  assert.deepEqual(submitted, [1, 1, 1]);
  return `${JOBS} jobs found again ${backAfter} s after; all completed, each submitted once`;
}

async function countProcessing(browser: StudioBrowser, ids: readonly string[]): Promise<number> {
  const jobs = await Promise.all(ids.map((id) => browser.job(id)));
  return jobs.filter(({ status }) => status === 'processing').length;
}

/** A stream that breaks off is opened again. */
function watchToTheEnd(browser: StudioBrowser, streamUrl: string) {
  return eventually('a stream comes to its end', () => browser.watch(streamUrl), POLL);
}

async function untilEnded(browser: StudioBrowser, id: string) {
  const job = await eventually(
    `job ${id} ends`,
    async () => {
      const found = await browser.job(id);
      return ['completed', 'failed'].includes(found.status) && found;
    },
    POLL,
  );
  assert.equal(job.status, 'completed', JSON.stringify(job));
  return job;
}

/** By its link and with the token; both are the same. */
async function proveFile(browser: StudioBrowser, videoId: string): Promise<number> {
  const { videoUrl } = videoSchema.parse((await browser.call(`/api/videos/${videoId}`)).json());
  const linked = await fetch(videoUrl);
  assert.deepEqual([linked.status, linked.headers.get('content-type')], [200, 'video/mp4']);
  const bytes = Buffer.from(await linked.arrayBuffer());
  const content = await fetch(new URL(`/api/videos/${videoId}/content`, videoUrl), {
    headers: { authorization: `Bearer ${browser.token}` },
  });
  assert.equal(digestOf(Buffer.from(await content.arrayBuffer())), digestOf(bytes));
  return bytes.byteLength;
}

function digestOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function newBrowser(gateway: string): StudioBrowser {
  return new StudioBrowser(gateway, `${unique('user')}@example.com`);
}
