import { expect, it } from 'vitest';
import { z } from 'zod';
import { expectSuccess } from './harness/admin-client.js';
import { eventually } from './harness/eventually.js';
import { httpCall } from './harness/http-call.js';
import { sharedSluice } from './harness/shared-sluice.js';
import { unique } from './harness/unique.js';
import { createSoraSession } from './scenarios/sora-session.js';

const sluice = sharedSluice();
const { admin, openai: sdk } = sluice;
const simulator = sluice.run.simulator ?? '';
const BASE = `baseUrl=${encodeURIComponent(`${simulator}/sora`)}&allowPrivateNetwork=true`;

const viewSchema = z.looseObject({
  id: z.string(),
  label: z.string(),
  enabled: z.boolean(),
  state: z.string(),
  reason: z.string().nullable(),
  limits: z.record(z.string(), z.number()),
  settings: z.looseObject({ plan: z.string().optional(), uses: z.array(z.string()).optional() }),
  account: z.looseObject({ email: z.string().optional(), sessionEndsAt: z.string().optional() }).nullable(),
  quotas: z.array(z.looseObject({ name: z.string(), remaining: z.number(), usable: z.number() })),
  tally: z
    .object({
      total: z.object({ images: z.number(), videos: z.number(), errors: z.number() }),
      today: z.object({ images: z.number(), videos: z.number(), errors: z.number() }),
      consecutiveErrors: z.number(),
    })
    .loose(),
  refreshFailure: z.looseObject({ reason: z.string() }).nullable(),
});

const call = async (method: string, path: string, body?: unknown) =>
  expectSuccess(await admin.call(method, path, body));
const view = async (id: string) => viewSchema.parse(await call('GET', `/credentials/${id}`));
const tell = (account: string, wish: object) =>
  httpCall({ url: `${simulator}/__control/sora/accounts`, body: { account, ...wish } });

/** For a model that nobody asks for: what these tests do to their accounts hits no film of other tests. */
function addAccount(word: string, tokens = (name: string): object => ({ accessToken: `sim-at-${name}` })) {
  return createSoraSession(sluice, { word, tokens, models: [unique('nobody-asks')] });
}
/** A name of its own: what is made by it can be told apart. */
async function routeTo(model: string): Promise<string> {
  const name = unique('op');
  await call('PUT', `/routes/${name}`, { targets: [{ upstream: 'sora', model, kind: 'session' }] });
  return name;
}
const make = (model: string, prompt: string) => sdk.videos.create({ model, prompt, seconds: '10' } as never);

it('an account that was added is looked at by itself: who it is, its plan, what is left, and who it may invite', async () => {
  const { id, account } = await addAccount('pro');
  const seen = await eventually('the account was looked at', async () => {
    const now = await view(id);
    return now.account !== null && now.quotas.length > 0 && now;
  });
  expect(seen).toMatchObject({
    settings: { plan: 'pro' },
    account: { email: `${account}@sim.test`, inviteCode: 'SIM123', invitesTotal: 6, planTitle: 'ChatGPT Pro' },
    quotas: [{ name: 'video', remaining: 30, usable: 30, resetAt: null }],
  });
});

it('a test activates an account without Sora 2 and names one without a name', async () => {
  const { id, account } = await addAccount('fresh');
  await tell(account, { hasSora2: false, username: null });
  const answer = await call('POST', `/credentials/${id}/test`);
  expect(answer).toMatchObject({ isUsable: true, account: { username: expect.stringMatching(/^user\d+$/) } });
  expect(await view(id)).toMatchObject({ account: { username: expect.stringMatching(/^user\d+$/) } });
});

it('an export of Sora2API is taken with its switches and limits, again under the same name, and comes out as it went in', async () => {
  const [one, two] = [unique('imp').replaceAll('-', '_'), unique('imp').replaceAll('-', '_')];
  const row = (email: string, more: object) => ({
    email,
    access_token: `sim-at-${email.split('@')[0] ?? ''}`,
    image_enabled: true,
    video_enabled: true,
    image_concurrency: -1,
    video_concurrency: 3,
    ...more,
  });
  const take = async (document: object) => {
    const { text } = await admin.call('POST', `/credentials/import?upstream=sora&match=label&${BASE}`, document);
    const lines = text
      .trim()
      .split('\n')
      .map((line) =>
        z.looseObject({ id: z.string().optional(), status: z.string().optional() }).parse(JSON.parse(line)),
      );
    return lines;
  };
  const first = await take({
    mode: 'at',
    tokens: [
      row(`${one}@x.test`, { image_enabled: false }),
      row(`${two}@x.test`, { video_concurrency: -1, image_concurrency: 1 }),
    ],
  });
  expect(first.slice(0, 2)).toMatchObject([{ status: 'created' }, { status: 'created' }]);
  expect(await view(first[0]?.id ?? '')).toMatchObject({
    label: `${one}@x.test`,
    limits: { video: 3 },
    settings: { uses: expect.not.arrayContaining(['image']) },
  });
  expect((await view(first[1]?.id ?? '')).limits).toEqual({ image: 1 });
  const again = await take({ mode: 'st', tokens: [row(`${one}@x.test`, { session_token: `sim-st-${one}` })] });
  expect(again[0]).toMatchObject({ status: 'updated', id: first[0]?.id });
  const exported = await admin.call('GET', `/credentials/export?search=${one}&secrets=reveal`);
  expect(exported.text).toContain(`sim-st-${one}`);
  const { text } = await admin.call('POST', '/credentials/import', JSON.parse(exported.text));
  expect(text).toContain('"duplicate"');
  expect((await admin.call('GET', `/credentials?search=${one}`)).text).not.toContain(`sim-st-${one}`);
});

it('many are edited, tested, switched and deleted at once', async () => {
  const tag = unique('tag');
  const sessions = [await addAccount('many'), await addAccount('many')];
  const ids = sessions.map(({ id }) => id);
  const bulk = (body: object) => call('POST', '/credentials/bulk', body);
  const change = { tags: [tag], limits: { video: 1 }, settings: { proxyUrl: 'http://me:word@proxy.test:8080' } };
  expect(await bulk({ action: 'update', selection: { ids }, change })).toEqual({ changed: 2 });
  const listed = await admin.call('GET', `/credentials?tag=${tag}`);
  expect(listed.text).toContain('proxy.test:8080');
  expect(listed.text).not.toContain('me:word');
  await bulk({ action: 'update', selection: { filter: { tag } }, change: { settings: { proxyUrl: null } } });
  const tested = await admin.call('POST', '/credentials/test', { filter: { tag } });
  expect(tested.text.match(/"isUsable":true/g)).toHaveLength(2);
  expect(await bulk({ action: 'disable', selection: { ids } })).toEqual({ changed: 2 });
  expect(await bulk({ action: 'delete', selection: { filter: { tag, enabled: false } } })).toEqual({ changed: 2 });
});

it('an access token that is refused and cannot be renewed is marked, with the reason', async () => {
  const over = await addAccount('over', () => ({ accessToken: `eyJh.${claims({ exp: 1 })}.sig` }));
  const gone = await eventually('it is refused', async () => {
    await call('POST', `/credentials/${over.id}/test`);
    const answer = z
      .looseObject({ isUsable: z.boolean() })
      .parse(await call('POST', `/credentials/${over.id}/refresh`));
    return !answer.isUsable && (await view(over.id));
  });
  expect(gone).toMatchObject({ state: 'auth_failed', reason: expect.stringContaining('sign in again') });
});

it('how accounts are chosen and treated is set while everything runs', async () => {
  const path = '/pool/settings/openai';
  expect(await call('GET', '/pool/settings/sora')).toMatchObject({
    kinds: { session: { quotaReserve: 1, errorLimit: 3, refreshAheadMs: 86_400_000 } },
  });
  const put = await call('PATCH', path, { stickyMs: 3_600_000 });
  expect(put).toMatchObject({ settings: { stickyMs: 3_600_000 } });
  expect((await admin.call('PATCH', path, { strategy: 'best' })).text).toContain('strategy');
  expect(await call('DELETE', path)).toMatchObject({ settings: {} });
});

it('operators see what is made, by whom and how far it is; cancel it; and read prompts only where they said so', async () => {
  await createSoraSession(sluice, { tokens: (name) => ({ accessToken: `sim-at-${name}` }) });
  const model = await routeTo('sora-2');
  const word = unique('seen');
  const made = await make(model, `${word} [[sim:queueMs=0,videoMs=30000]]`);
  const entries = z.object({
    generations: z.array(
      z.looseObject({
        id: z.string(),
        state: z.string(),
        progress: z.number(),
        account: z.object({ id: z.string() }).nullable(),
      }),
    ),
  });
  const list = async () => entries.parse(await call('GET', `/generations?model=${model}`)).generations;
  const runs = await eventually('it runs', async () => {
    const [one] = await list();
    return one?.state === 'submitted' && one.progress > 0 && one;
  });
  expect(runs).toMatchObject({
    kind: 'video',
    account: { id: expect.stringMatching(/^cred_/) },
    key: { name: expect.any(String) },
  });
  expect(JSON.stringify(runs)).not.toContain(word);
  await call('PUT', '/settings/SHOW_PROMPTS', { value: true });
  const shown = await eventually('the prompt is shown', async () => (await list()).find((one) => 'prompt' in one));
  expect(shown).toMatchObject({ prompt: expect.stringContaining(word) });
  await call('DELETE', '/settings/SHOW_PROMPTS');
  expect((await admin.call('DELETE', `/generations/${runs.id}`)).status).toBe(409);
  await call('POST', `/generations/${runs.id}/cancel`);
  await eventually('it has ended', async () => {
    const [one] = await list();
    return one !== undefined && !['submitted', 'queued'].includes(one.state);
  });
  await call('DELETE', `/generations/${runs.id}`);
  expect(await list()).toEqual([]);
  await expect(sdk.videos.retrieve(made.id)).rejects.toThrow();
  const asked = z.object({ requests: z.array(z.looseObject({ id: z.string() })) });
  expect(asked.parse(await call('GET', '/requests?limit=1')).requests.length).toBeLessThanOrEqual(1);
});

function claims(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
