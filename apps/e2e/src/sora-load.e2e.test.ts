import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SluiceClient } from './harness/sluice-client.js';
import { startSluice, type StartedSluice } from './harness/start-sluice.js';
import { putOnSora, type SoraLoad } from './scenarios/sora-load.js';
import { readSoraTasks } from './scenarios/sora-session.js';

const VIDEOS = 30;
const SHORT = { limit: 3, resetSeconds: 3 };
const NARROW = { concurrency: 2 };
const ended = new Set<string>();
let sluice: StartedSluice;
let client: SluiceClient;
let load: SoraLoad;

/** What a client sees of them. */
async function countOpen({ ids }: { ids: readonly string[] }): Promise<number> {
  const look = async (id: string): Promise<void> => {
    const { status } = await client.openai.videos.retrieve(id);
    expect(status).not.toBe('failed');
    if (status === 'completed') ended.add(id);
  };
  await Promise.all(ids.filter((id) => !ended.has(id)).map(look));
  return ids.length - ended.size;
}

// Apart from the accounts of other tests, which would take work from these.
// All but one of the accounts run out in the middle, that one is given two places, and the site is busy now and then.
beforeAll(async () => {
  sluice = await startSluice({ environment: { LOG_LEVEL: 'warn' } });
  client = new SluiceClient(sluice.run);
  const plan = {
    accounts: [SHORT, SHORT, SHORT, SHORT, SHORT, NARROW],
    videos: VIDEOS,
    markers: '[[sim:queueMs=0,videoMs=1000]]',
    heavyLoads: 2,
    crowdings: 1,
    everyMs: 300,
    withinMs: 30_000,
  };
  load = await putOnSora(client, plan, countOpen);
});
afterAll(() => sluice?.stop());

describe('more videos than the accounts of the website have places', () => {
  it('are all made, and each is submitted once', async () => {
    const { submissions } = await readSoraTasks(client.simulator.url, load.word);
    expect(submissions).toHaveLength(VIDEOS);
    expect(submissions.every(({ accepted }) => accepted === 1)).toBe(true);
  });

  it('never take more places than an account has', async () => {
    const { busiest } = await readSoraTasks(client.simulator.url, load.word);
    expect(Math.max(...load.pool.names.map((name) => busiest[name] ?? 0))).toBe(3);
  });

  it('are looked after by one loop of an account', () => {
    const { mostInASecond, atOnce } = load.calls.looks();
    expect(mostInASecond).toBeLessThanOrEqual(3);
    expect(atOnce).toBe(0);
  });

  it('are not submitted to an account that is used up until the announced reset, and soon after it', () => {
    // Who was looked at in between knows without being refused.
    const late = load.calls.closedWindows(1_000).flatMap(({ lateAtMs }) => lateAtMs);
    expect(late).toEqual([]);
    // The site tells whole seconds. One that came back may find that others have taken what there was to do.
    const waits = load.calls.comebacks(SHORT).toSorted((left, right) => left - right);
    expect(waits.length).toBeGreaterThan(0);
    expect(waits[0]).toBeLessThan(5_000);
  });

  it('are put back where the site is busy, which is not held against the account', async () => {
    expect(load.calls.refusals()).toMatchObject({ 500: 2 });
    const query = new URLSearchParams({ upstream: 'sora', search: load.pool.word });
    const answer = await client.admin.call('GET', `/credentials?${query.toString()}`);
    const { credentials } = answer.json() as { credentials: { state: string }[] };
    expect(credentials).toHaveLength(6);
    // Used up, or asked for a little patience, it may be again by now.
    for (const { state } of credentials) expect(['ready', 'quota_exhausted', 'rate_limited']).toContain(state);
  });
});
