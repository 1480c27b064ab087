import type { RefusedWay } from '@sluice/domain-credentials/way-health';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { beforeEach, expect, it } from 'vitest';
import { chooseWay } from './way-choice.js';
import { WayWatch } from './way-watch.js';

const PROXIES = { sora: ['http://user:word@one.example:1', 'http://two.example:2'] };
const REFUSED = {
  type: 'failed',
  error: { code: 'challenge_required', reason: 'challenge_page', message: 'Just a moment' },
} as const;
let clock: ReturnType<typeof createFakeClock>;
let told: RefusedWay[];
let watch: WayWatch;

beforeEach(() => {
  clock = createFakeClock(Date.parse('2026-11-21T12:00:00Z'));
  told = [];
  const health = { note: async (way: RefusedWay) => void told.push(way) };
  watch = new WayWatch({ upstream: 'sora', health, clock, onError: () => undefined });
});

/** The way that an account goes now. */
function go(credentialId: string, more: { proxyUrl?: string; allowPrivateNetwork?: boolean } = {}) {
  const traveller = { credentialId, allowPrivateNetwork: false, ...more };
  const isAvoided = (url: string) => watch.isAvoided(url);
  const way = chooseWay(traveller, { upstream: 'sora', proxies: PROXIES, ownProxyUrl: undefined, isAvoided });
  watch.went(credentialId, way);
  return way.proxyUrl;
}

it('who stays with a way that is refused goes another one, until it is tried again', async () => {
  const first = go('a');
  watch.note('a', REFUSED);
  const second = go('a');
  expect(new Set([first, second])).toEqual(new Set(PROXIES.sora));
  await clock.advance(5 * 60_000);
  expect(go('a')).toBe(first);
  watch.note('a', REFUSED);
  expect(told.at(-1)).toMatchObject({ refusals: 2, avoidedUntil: '2026-11-21T12:15:00.000Z' });
});

it('refusals of those who went together count once, and never blame the way that they go instead', () => {
  const first = go('a');
  const others = ['b', 'c', 'd', 'e'].filter((id) => go(id) === first);
  for (const id of ['a', ...others]) watch.note(id, REFUSED);
  expect(told.map(({ refusals }) => refusals)).toEqual(told.map(() => 1));
  expect(new Set(told.map(({ way }) => way)).size).toBe(1);
});

it('where all are refused they are gone all the same', () => {
  go('a');
  watch.note('a', REFUSED);
  go('a');
  watch.note('a', REFUSED);
  expect(PROXIES.sora).toContain(go('a'));
});

it('it is told without passwords, and when somebody came through again', () => {
  go('own', { proxyUrl: 'socks5://user:word@own.example:1080' });
  watch.note('own', REFUSED);
  watch.note('own', { type: 'succeeded' });
  expect(told).toMatchObject([
    { upstream: 'sora', way: 'socks5://user:***@own.example:1080', reason: 'challenge_page', avoidedUntil: null },
    { refusals: 1, servedAt: '2026-11-21T12:00:00.000Z' },
  ]);
});

it('other failures say nothing of a way', () => {
  go('a');
  watch.note('a', { type: 'failed', error: { code: 'upstream_auth', message: 'no' } });
  watch.note('a', { type: 'succeeded' });
  expect(told).toEqual([]);
});
