import type { Settings } from '@sluice/domain-settings/settings';
import { expect, it } from 'vitest';
import { pollIntervalMs } from './operation-change.js';
import { timingBySettings } from './timing-by-settings.js';

const MINUTE_MS = 60_000;
const held: Record<string, unknown> = { POLLING: {}, KEEP_FILES_MS: null };
const settings = { get: (name: string) => held[name] } as unknown as Pick<Settings, 'get'>;
const timing = timingBySettings({ upstream: 'sora', settings, keepFilesMs: 5 });

it('looks at work as often as the operator says now, by upstream, else for all', () => {
  expect(pollIntervalMs(10 * MINUTE_MS, timing)).toBe(10_000);
  held['POLLING'] = { '*': { firstMs: 5_000, longestMs: 30_000 } };
  expect(pollIntervalMs(0, timing)).toBe(5_000);
  expect(pollIntervalMs(10 * MINUTE_MS, timing)).toBe(30_000);
  held['POLLING'] = { '*': { firstMs: 5_000, longestMs: 30_000 }, sora: { firstMs: 2_500, longestMs: 2_500 } };
  expect(pollIntervalMs(10 * MINUTE_MS, timing)).toBe(2_500);
});

it('keeps files as long as the operator says now, and for ever', () => {
  expect(timing.keepFilesMs).toBe(5);
  held['KEEP_FILES_MS'] = 90_000;
  expect(timing.keepFilesMs).toBe(90_000);
  held['KEEP_FILES_MS'] = 'forever';
  expect(new Date(Date.now() + timing.keepFilesMs).getUTCFullYear()).toBeGreaterThan(2_900);
});
