import { judgeQuotaCalls } from '@sluice/testing/judge-quota-calls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPoolRig, type PoolRig } from './__fixtures__/pool-rig.js';
import { runQuotaScenario } from './__fixtures__/quota-scenario.js';
import { QuotaUpstream } from './__fixtures__/quota-upstream.js';

let rig: PoolRig;
beforeEach(async () => {
  rig = await createPoolRig();
});
afterEach(() => rig.close());

const WINDOW_MS = 700;
const LIMITS = { flash: { count: 12, perMs: WINDOW_MS }, pro: { count: 4, perMs: WINDOW_MS } };

test('limits of many projects and models are obeyed at once and no longer than announced, and everybody is served', async () => {
  const upstream = new QuotaUpstream((project, model) => {
    // Every fifth project has a quota of a day, and it is small.
    if (model === 'pro' && Number(project.slice(1)) % 5 === 4) return { ...LIMITS.pro, daily: 2 };
    return model === 'pro' ? LIMITS.pro : LIMITS.flash;
  });
  const requests = { flash: 300, pro: 100 };
  const end = await runQuotaScenario({
    rig,
    upstream,
    projects: 10,
    keysPerProject: 5,
    requests,
    workers: 2,
    deadlineMs: 10_000,
  });
  expect(end.refused).toEqual([]);
  expect(end.served).toHaveLength(400);

  const windows = judgeQuotaCalls(upstream.calls);
  expect(windows.length).toBeGreaterThan(20);
  expect(windows.filter(({ lateAtMs }) => lateAtMs.length > 0)).toEqual([]);
  expect(windows.filter(({ endsAtMs, refusedAtMs }) => endsAtMs - refusedAtMs > 3_000_000)).toHaveLength(2);

  // A limit that is over is used again at once: it takes three windows, so two of them are waited for.
  const firstAtMs = Math.min(...upstream.calls.map(({ atMs }) => atMs));
  expect(Math.max(...end.served.map(({ atMs }) => atMs)) - firstAtMs).toBeLessThan(2 * WINDOW_MS + 3_000);

  // In their turn: no key has much more to do than another.
  const counts = [...upstream.served.values()];
  expect(counts).toHaveLength(50);
  expect(Math.max(...counts)).toBeLessThan(2.5 * (400 / 50));
}, 30_000);
