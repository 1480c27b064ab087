import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { QUICK } from './__fixtures__/simulated-site.js';
import { createWorkerRig, type WorkerRig } from './__fixtures__/worker-rig.js';

/** What users of Sora2API complained of, each by its number; the same of its code. */
let rig: WorkerRig;
let name = '';
let count = 0;

beforeAll(async () => {
  rig = await createWorkerRig();
});
afterAll(() => rig.close());
beforeEach(() => {
  name = `plus${(count += 1)}`;
  rig.site.account = name;
});
afterEach(() => rig.clear());

interface Task {
  id: string;
  account: string;
  status: string;
}

const CREATE = '/sora/backend/nf/create';
const prompt = (words: string, markers = QUICK) => `${words} of ${name} ${markers}`;
const refuse = (fault: object, times = 1) =>
  rig.site.control('faults', { match: { path: CREATE, key: name }, fault, times });
const state = async (id: string) => rig.admin.get(id);
const rests = (id: string) => expect.poll(async () => (await state(id)).state).not.toBe('ready');
const runs = (id: string) => expect.poll(async () => (await rig.find(id)).state).toBe('submitted');
const made = async (words: string): Promise<{ tasks: Task[]; paid: number[] }> => {
  const { tasks, submissions } = (await rig.site.shown(`${words} of ${name}`)) as {
    tasks: Task[];
    submissions: { accepted: number }[];
  };
  return { tasks, paid: submissions.map(({ accepted }) => accepted) };
};
const explain = (model = 'sora-2') =>
  rig.eligibility.explain({ upstream: 'sora', use: 'video', model, kind: 'session' });

describe('complaint 1, what the way out is refused for', () => {
  it('is told of the way, rests the account a minute at most, and keeps the job', async () => {
    const account = await rig.account(name);
    await refuse({ status: 403, html: true });
    const id = await rig.submit(prompt('a film'), { account });
    await rests(account);
    const { state: seen, nextTryAt } = await state(account);
    expect(seen).toBe('degraded');
    expect(Date.parse(nextTryAt ?? '') - Date.now()).toBeLessThanOrEqual(60_000);
    const told = async () => (await rig.ways.list()).ways.find(({ credentialId }) => credentialId === account);
    expect(await told()).toMatchObject({ upstream: 'sora', way: 'direct', reason: 'challenge_page', servedAt: null });
    expect(await rig.find(id)).toMatchObject({ state: 'queued' });
    expect((await explain()).credentials).toMatchObject([
      { id: account, obstacle: { type: 'resting', reason: expect.stringMatching(/^degraded: \w/), until: nextTryAt } },
    ]);
    await rig.admin.reset(account);
    expect(await rig.ended(id)).toMatchObject({ state: 'succeeded' });
    expect((await made('a film')).paid).toEqual([1]);
    await expect.poll(told).toMatchObject({ servedAt: expect.any(String) });
  });
});

describe('complaint 2, the life of tokens', () => {
  it('a token that dies in the middle of a film is exchanged, and the film goes on', async () => {
    const account = await rig.account(name, {
      secret: { accessToken: `sim-at-${name}`, sessionToken: `sim-st-${name}` },
    });
    const id = await rig.submit(prompt('a film', '[[sim:queueMs=100,videoMs=700]]'), { account });
    await runs(id);
    await rig.site.wish({ invalidate: 'access' });
    expect(await rig.ended(id)).toMatchObject({ state: 'succeeded' });
    expect(await state(account)).toMatchObject({ state: 'ready' });
    expect((await made('a film')).paid).toEqual([1]);
  });

  it.each([
    ['token_invalidated', 401, /sign in again/],
    ['phone_number_required', 400, /phone number/],
  ])('%s is told in words, at the first refusal', async (errorCode, status, words) => {
    const account = await rig.account(name);
    await refuse({ status, errorCode }, 9);
    const id = await rig.submit(prompt('a film'), { account });
    await rests(account);
    expect(await state(account)).toMatchObject({ state: 'auth_failed', reason: expect.stringMatching(words) });
    expect(await rig.find(id)).toMatchObject({ state: 'queued', attempt: 1 });
  });
});

describe('complaint 3, a queue', () => {
  it('has places, and a reason for each account that does not take what waits', async () => {
    const busy = await rig.account(`pro-${name}`, { limit: 1, settings: { plan: 'pro' } });
    const poor = await rig.account(name, { settings: { plan: 'plus' } });
    const off = await rig.account(`pro-off-${name}`, { settings: { plan: 'pro' } });
    await rig.admin.update(off, { enabled: false });
    const other = await rig.account(`pro-other-${name}`, { models: ['sora-2'], settings: { plan: 'pro' } });
    const long = '[[sim:queueMs=0,videoMs=900]]';
    const first = await rig.submit(prompt('one', long), { model: 'sora-2-pro' });
    await runs(first);
    const next = [await rig.submit(prompt('two'), { model: 'sora-2-pro' })];
    next.push(await rig.submit(prompt('three'), { model: 'sora-2-pro' }));
    const places = await Promise.all(next.map(async (id) => rig.durable.places.place(await rig.find(id))));
    expect(places.map((place) => place?.position)).toEqual([0, 1]);
    const told = Object.fromEntries(
      (await explain('sora-2-pro')).credentials.map(({ id, obstacle }) => [id, obstacle]),
    );
    expect(told).toEqual({
      [busy]: { type: 'in_use', reason: '1 of 1 places for video are taken.', until: null },
      [poor]: { type: 'other_model', reason: expect.stringContaining('(plus)'), until: null },
      [off]: { type: 'disabled', reason: expect.stringContaining('operator'), until: null },
      [other]: { type: 'other_model', reason: expect.stringContaining("than 'sora-2-pro'"), until: null },
    });
    for (const id of [first, ...next])
      expect(await rig.ended(id)).toMatchObject({ state: 'succeeded', credentialId: busy });
  });

  it('three under way already is no fault of the account: it rests for seconds, and the job waits', async () => {
    const account = await rig.account(name);
    await refuse({ status: 429, errorCode: 'too_many_concurrent_tasks' });
    const id = await rig.submit(prompt('a film'), { account });
    await rests(account);
    const { state: seen, nextTryAt } = await state(account);
    expect(seen).toBe('rate_limited');
    expect(Date.parse(nextTryAt ?? '') - Date.now()).toBeLessThanOrEqual(5_000);
    expect(await rig.find(id)).toMatchObject({ state: 'queued', attempt: 1 });
  });

  it('an account without videos left rests until its reset, and comes back by itself', async () => {
    const account = await rig.account(name);
    await rig.site.wish({ limit: 1, resetSeconds: 2 });
    expect(await rig.ended(await rig.submit(prompt('one'), { account }))).toMatchObject({ state: 'succeeded' });
    const second = await rig.submit(prompt('two'), { account });
    await rests(account);
    expect(await state(account)).toMatchObject({ state: 'quota_exhausted', enabled: true });
    expect(await rig.ended(second)).toMatchObject({ state: 'succeeded' });
    expect(await state(account)).toMatchObject({ state: 'ready' });
  });
});

describe('complaint 5, a job and its account', () => {
  it('stay together: each film is looked for and fetched where it was made', async () => {
    const idle = ['d', 'e', 'f'].map((letter) => `${letter}-${name}`);
    for (const label of idle) await rig.account(label, { models: ['gpt-image'] });
    const accounts: string[] = [];
    for (const letter of ['a', 'b', 'c']) accounts.push(await rig.account(`${letter}-${name}`));
    // Whoever serves the last of them has heard of all of them, and that those before them are gone.
    await rig.ended(await rig.submit(prompt('none'), { account: accounts.at(-1) }));
    const ids = await Promise.all([1, 2, 3, 4, 5, 6].map((number) => rig.submit(prompt(`film ${number}`), {})));
    const ended = await Promise.all(ids.map((id) => rig.ended(id)));
    expect(new Set(ended.map(({ credentialId }) => credentialId))).toEqual(new Set(accounts));
    for (const { state: end, credentialId, operation, input } of ended) {
      expect(end).toBe('succeeded');
      const words = input.kind === 'video' ? input.request.prompt.split(' of ')[0] : '';
      const { tasks } = await made(words ?? '');
      const label = (await state(credentialId ?? '')).label;
      expect(tasks).toMatchObject([{ id: operation?.['id'], account: label }]);
    }
    for (const label of idle) {
      const { requests } = (await rig.site.control(`requests?key=${label}`)) as { requests: { path: string }[] };
      expect(requests.filter(({ path }) => /pending|drafts/.test(path))).toEqual([]);
    }
  });
});

describe('complaint 7, files', () => {
  it('are here when the site has forgotten them, for as long as is said', async () => {
    const account = await rig.account(name);
    const {
      files,
      finishedAtMs = 0,
      expiresAtMs = 0,
    } = await rig.ended(await rig.submit(prompt('a film'), { account }));
    await rig.site.wish({ invalidate: 'all' });
    await rig.clear();
    expect(Math.abs(expiresAtMs - finishedAtMs - 3_600_000)).toBeLessThan(2_000);
    const [film] = files;
    const stored = await rig.stores.media.get(film?.media.key ?? '');
    const pieces: Uint8Array[] = [];
    for await (const piece of stored?.body ?? []) pieces.push(piece);
    expect(Buffer.concat(pieces).toString('latin1', 4, 8)).toBe('ftyp');
  });
});

describe('defects of its code', () => {
  it('a refusal that cannot succeed is not tried again, and leaves every place free', async () => {
    const account = await rig.account(name, { limit: 1 });
    const refused = [
      await rig.submit(prompt('late', '[[sim:queueMs=0,videoMs=40,moderated]]'), { account }),
      await rig.submit(prompt('forbidden words', ''), { account }),
    ];
    for (const id of refused)
      expect(await rig.ended(id)).toMatchObject({ state: 'failed', attempt: 1, error: { code: 'content_refused' } });
    expect((await made('late')).paid).toEqual([1]);
    expect(await rig.ended(await rig.submit(prompt('a film'), { account }))).toMatchObject({ state: 'succeeded' });
    await expect.poll(() => rig.stores.redis.exists(`sluice:pool:leases:${account}:video`)).toBe(0);
  });

  it('an answer that was lost after the submission is looked up, not paid again', async () => {
    const account = await rig.account(name);
    const id = await rig.submit(prompt('lost', '[[sim:accept-first,lost-reply,queueMs=0,videoMs=60]]'), { account });
    expect(await rig.ended(id)).toMatchObject({ state: 'succeeded' });
    expect((await made('lost')).paid).toEqual([1]);
  });

  it('a picture that fails ends at once, through looks that tell no progress', async () => {
    const account = await rig.account(name);
    const id = await rig.submit(prompt('a picture', '[[sim:queueMs=200,videoMs=300,videoFails]]'), {
      account,
      model: 'gpt-image',
      kind: 'image',
    });
    expect(await rig.ended(id)).toMatchObject({ state: 'failed', attempt: 1, error: { code: 'upstream_error' } });
  });

  it('what is cancelled stays so, though the site goes on and ends', async () => {
    const account = await rig.account(name);
    const id = await rig.submit(prompt('a film', '[[sim:queueMs=0,videoMs=600]]'), { account });
    await runs(id);
    await rig.cancel(id);
    expect(await rig.ended(id)).toMatchObject({ state: 'cancelled' });
    await expect.poll(async () => (await made('a film')).tasks[0]?.status, { timeout: 5_000 }).toBe('done');
    expect(await rig.ended(await rig.submit(prompt('another'), { account }))).toMatchObject({ state: 'succeeded' });
    expect(await rig.find(id)).toMatchObject({ state: 'cancelled', files: [] });
  });
});
