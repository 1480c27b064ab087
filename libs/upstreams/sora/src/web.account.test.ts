import { createFakeHttp, type FakeAnswer } from '@sluice/upstream-kit/fake-http';
import { expect, it } from 'vitest';
import { createSessionContext } from './create-session-context.js';
import { webProbe } from './web.account.js';

const NOW_MS = 1_800_000_000_000;
const clock = { now: () => NOW_MS, after: () => () => undefined };
const json = (value: object, status = 200): FakeAnswer => ({ status, pieces: [JSON.stringify(value)] });
const refused = (status: number, message = 'no', code?: string) => json({ error: { message, code } }, status);

const ME = json({ email: 'a@site.test', name: 'Ann', username: 'ann' });
const PLAN = json({ data: [{ plan: { id: 'chatgpt_pro', title: 'ChatGPT Pro' }, end_ts: '2027-02-01T00:00:00Z' }] });
const INVITES = json({ invite_code: 'ABC', redeemed_count: 2, total_count: 6 });
const left = (count: number, seconds: number) =>
  json({ rate_limit_and_credit_balance: { estimated_num_videos_remaining: count, access_resets_in_seconds: seconds } });

async function look(...answers: FakeAnswer[]) {
  const http = createFakeHttp(...answers);
  const health = await webProbe(createSessionContext({ http, clock }));
  return { health, paths: http.requests.map(({ url }) => new URL(url).pathname.replace('/sora/backend', '')) };
}

it('tells who the account is, its plan, its invitations and what is left', async () => {
  const { health } = await look(ME, PLAN, INVITES, left(7, 60));
  expect(health).toEqual({
    isUsable: true,
    plan: 'pro',
    account: {
      email: 'a@site.test',
      name: 'Ann',
      username: 'ann',
      planTitle: 'ChatGPT Pro',
      planEndsAtMs: Date.parse('2027-02-01T00:00:00Z'),
      inviteCode: 'ABC',
      invitesRedeemed: 2,
      invitesTotal: 6,
    },
    quotas: [{ name: 'video', remaining: 7, resetAtMs: NOW_MS + 60_000 }],
  });
});

it.each(['2027-02-01T00:00:00Z', 1_801_440_000, 1_801_440_000_000])('a plan may end at %s', async (end) => {
  const plan = json({ data: [{ plan: { id: 'chatgpt_team' }, end_ts: end }] });
  const { health } = await look(ME, plan, INVITES, left(1, 0));
  expect(health.account?.planEndsAtMs).toBe(1_801_440_000_000);
});

it('asks for Sora 2 where the account has none yet, and gives it a name', async () => {
  const nameless = json({ email: 'a@site.test', username: null });
  const unasked = refused(401, 'Unauthorized: not invited');
  const named = json({ username: 'x' });
  const { health, paths } = await look(
    nameless,
    json({ data: [] }),
    unasked,
    json({}),
    INVITES,
    json({ available: true }),
    named,
    left(1, 0),
  );
  expect(health.account?.username).toMatch(/^user\d{9}$/);
  expect(health.plan).toBe('free');
  expect(paths).toContain('/m/bootstrap');
  expect(paths).toContain('/project_y/profile/username/set');
});

it.each([
  ['a fault of the site', refused(500)],
  ['a crowd', refused(429, 'slow down')],
  ['an answer without the figure', json({ rate_limit_and_credit_balance: {} })],
])('what is left stays unknown after %s', async (_why, answer) => {
  const { health } = await look(ME, PLAN, INVITES, answer);
  expect(health).toMatchObject({ isUsable: true, plan: 'pro' });
  expect(health.quotas).toBeUndefined();
});

it('an account without Sora 2 has no videos left, and says so', async () => {
  const none = refused(401, 'Unauthorized');
  const { health } = await look(ME, PLAN, none, json({}), none);
  expect(health).toMatchObject({ isUsable: true, reason: expect.stringContaining('no access to Sora 2') });
  expect(health.quotas).toEqual([{ name: 'video', remaining: 0, resetAtMs: NOW_MS + 3_600_000 }]);
});

it('the end of a token that cannot be renewed is told all the same', async () => {
  const claims = Buffer.from(JSON.stringify({ exp: 1_800_000_600 })).toString('base64url');
  const http = createFakeHttp(ME, PLAN, INVITES, left(3, 0));
  const context = createSessionContext({ http, clock });
  const health = await webProbe({ ...context, credential: { accessToken: `eyJ.${claims}.sig` } });
  expect(health.account?.sessionEndsAtMs).toBe(1_800_000_600_000);
});
