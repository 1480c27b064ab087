import assert from 'node:assert/strict';
import { expectSuccess } from '../../harness/admin-client.js';
import type { SluiceClient } from '../../harness/sluice-client.js';
import type { StartedSluice } from '../../harness/start-sluice.js';
import { putOnSora, type SoraLoad } from '../../scenarios/sora-load.js';
import { readSoraTasks } from '../../scenarios/sora-session.js';
import type { Check } from '../capability.js';
import type { GenerationRow, Stored } from '../durable/stored.js';
import { difference, readEffort, residentMegabytes, soraWorkers, type Effort, type Worker } from './workers.js';

const ACCOUNTS = 200;
const SLOTS = 3;
const VIDEOS = 1_000;
const VIDEO_MS = 30_000;
/** So many videos until the reset, and that comes when the first are done: they run out in the middle. */
const SHORT = { limit: SLOTS, resetSeconds: 45 };
/** Given fewer places by the site than the operator thinks. */
const NARROW = { concurrency: SLOTS - 1 };
const TROUBLE = 40;
const WITHIN_MS = 240_000;
const EVERY_MS = 2_000;
/** What is on its way when the first refusal comes. */
const GRACE_MS = 2_000;
/** The site tells whole seconds; then one tries the account, and the others follow. */
const PROMPT_MS = 5_000;
/** One loop makes two looks in a second at most, and one more where a new video brings the next forward. */
const MOST_LOOKS = 3;

interface Setting {
  client: SluiceClient;
  sluice: StartedSluice;
  stored: Stored;
}

interface Load extends SoraLoad {
  rows: readonly GenerationRow[];
  efforts: readonly { worker: Worker; effort: Effort; megabytes: number }[];
}

export function loadChecks(setting: Setting): Check[] {
  let load: Promise<Load> | undefined;
  const loaded = (): Promise<Load> => (load ??= putOn(setting));
  return [
    {
      title: `${ACCOUNTS} accounts of ${SLOTS} places, ${VIDEOS} videos of ${VIDEO_MS / 1_000} s, two workers: all are done, each submitted once`,
      prove: async () => proveDone(setting, await loaded()),
    },
    {
      title: `the site never sees more than ${SLOTS} of an account at once`,
      prove: async () => proveBusy(setting, await loaded()),
    },
    { title: 'one loop looks after all videos of an account', prove: async () => proveLooks(await loaded()) },
    {
      title: 'an account whose quota is used up is left alone until the announced reset, and used again soon after',
      prove: async () => proveQuota(await loaded()),
    },
    {
      title: 'heavy load and too many at once put a video back, and are not held against the account',
      prove: async () => proveUnharmed(setting, await loaded()),
    },
  ];
}

async function putOn({ client, sluice, stored }: Setting): Promise<Load> {
  const workers = await Promise.all(
    (await soraWorkers(sluice)).map(async (worker) => ({ worker, before: await readEffort(worker) })),
  );
  const accounts = Array.from({ length: ACCOUNTS }, (_, number) =>
    number % 20 === 19 ? NARROW : number % 2 === 1 ? SHORT : {},
  );
  const plan = {
    accounts,
    videos: VIDEOS,
    markers: `[[sim:queueMs=2000,videoMs=${VIDEO_MS}]]`,
    heavyLoads: TROUBLE,
    crowdings: TROUBLE,
    everyMs: EVERY_MS,
    withinMs: WITHIN_MS,
  };
  let rows: GenerationRow[] = [];
  const load = await putOnSora(client, plan, async ({ word }) => {
    rows = await stored.videos(word);
    return rows.filter((row) => !isOver(row)).length;
  });
  const efforts = await Promise.all(
    workers.map(async ({ worker, before }) => ({
      worker,
      effort: difference(await readEffort(worker), before),
      megabytes: await residentMegabytes(worker),
    })),
  );
  return { ...load, rows, efforts };
}

async function proveDone({ client }: Setting, { word, rows, ids, tookMs, efforts }: Load): Promise<string> {
  const { submissions } = await readSoraTasks(client.simulator.url, word);
  const accepted = submissions.map((each) => each.accepted);
  const told = efforts
    .map(
      ({ worker, effort, megabytes }) =>
        `${worker.name} ${(effort.cpuMs / 1_000).toFixed(1)} s of CPU, ${megabytes} MB`,
    )
    .join('; ');
  const figures = `${statesOf(rows)} in ${(tookMs / 1_000).toFixed(0)} s (${((VIDEOS / ACCOUNTS / SLOTS) * VIDEO_MS) / 1_000} s of places); ${submissions.length} prompts submitted ${Math.min(...accepted)} to ${Math.max(...accepted)} times; ${told}`;
  assert.ok(rows.length === VIDEOS && rows.every(({ state }) => state === 'succeeded'), figures);
  assert.ok(submissions.length === VIDEOS && accepted.every((count) => count === 1), figures);
  assert.ok(efforts.length > 1, 'there is one worker only');
  let files = 0;
  for (const id of ids.filter((_, index) => index % 50 === 0))
    if ((await client.call(`/v1/videos/${id}/content`)).headers['content-type'] === 'video/mp4') files += 1;
  assert.equal(files, VIDEOS / 50, `${figures}; ${files} files of ${VIDEOS / 50} that were looked at`);
  return figures;
}

async function proveBusy({ client }: Setting, { pool }: Load): Promise<string> {
  const { busiest } = await readSoraTasks(client.simulator.url, 'nobody asks for this');
  const most = pool.names.map((name) => busiest[name] ?? 0);
  const figures = `at most ${Math.max(...most)}, at least ${Math.min(...most)} at once`;
  assert.ok(Math.max(...most) === SLOTS && Math.min(...most) > 0, figures);
  return figures;
}

function proveLooks({ calls }: Load): string {
  const { count, mostInASecond, aSecond, atOnce } = calls.looks();
  const figures = `${count} looks, ${aSecond.toFixed(2)} a second and account, at most ${mostInASecond} in any second; ${atOnce} before the one before was answered`;
  assert.ok(mostInASecond <= MOST_LOOKS && atOnce === 0, figures);
  return figures;
}

function proveQuota({ calls }: Load): string {
  const windows = calls.closedWindows(GRACE_MS);
  const late = windows.flatMap(({ lateAtMs, refusedAtMs }) => lateAtMs.map((atMs) => atMs - refusedAtMs));
  const onTheWay = windows.reduce((sum, each) => sum + each.onTheWay, 0);
  const waits = calls.comebacks(SHORT).toSorted((left, right) => left - right);
  const at = (share: number): number => waits[Math.floor(share * (waits.length - 1))] ?? Infinity;
  const figures = `${windows.length} accounts were refused, the others were looked at in time; ${onTheWay} calls on the way within ${GRACE_MS} ms, ${late.length} later (at most ${Math.max(0, ...late)} ms); ${waits.length} were used again, ${at(0.5)} ms (median), ${at(0.95)} ms (p95), ${at(1)} ms (longest) after the reset`;
  assert.ok(windows.length > 0 && waits.length >= ACCOUNTS / 10, figures);
  assert.equal(late.length, 0, figures);
  assert.ok(at(0.5) <= PROMPT_MS, figures);
  return figures;
}

async function proveUnharmed({ client }: Setting, { pool, calls }: Load): Promise<string> {
  const query = new URLSearchParams({ upstream: 'sora', search: pool.word });
  const answer = expectSuccess(await client.admin.call('GET', `/credentials?${query.toString()}`));
  const { credentials } = answer as { credentials: { state: string }[] };
  const states = new Map<string, number>();
  for (const { state } of credentials) states.set(state, (states.get(state) ?? 0) + 1);
  const { 500: heavy = 0, 429: crowded = 0, quota = 0 } = calls.refusals();
  const told = [...states].map(([state, count]) => `${count} ${state}`).join(', ');
  const figures = `${heavy} × heavy load, ${crowded} × too many at once, ${quota} × quota; accounts: ${told}`;
  assert.ok(heavy === TROUBLE && crowded >= TROUBLE, figures);
  // Some may be used up again by now.
  const unharmed = (states.get('ready') ?? 0) + (states.get('quota_exhausted') ?? 0);
  assert.ok(credentials.length === ACCOUNTS && unharmed === ACCOUNTS, figures);
  await pool.remove();
  return figures;
}

function isOver({ state }: GenerationRow): boolean {
  return ['succeeded', 'failed', 'cancelled', 'expired'].includes(state);
}

function statesOf(rows: readonly GenerationRow[]): string {
  const counts = new Map<string, number>();
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].map(([state, count]) => `${count} ${state}`).join(', ');
}
