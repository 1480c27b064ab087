import { createFileSystemMediaStore } from '@sluice/platform-media/file-system-media-store';
import type { MediaStore } from '@sluice/contracts/media-store';
import { createFakeClock, type FakeClock } from '@sluice/testing/fake-clock';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MediaRetention } from './media-retention.js';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
const ids = ['a', 'b', 'c'].map((digit) => `gen_${digit.repeat(32)}`);

let root: string;
let clock: FakeClock;
let store: MediaStore;
let forgotten: string[];
let forgottenKept: string[];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-retention-'));
  clock = createFakeClock();
  store = createFileSystemMediaStore({ root, clock });
  forgotten = [];
  forgottenKept = [];
});
afterEach(() => rm(root, { recursive: true, force: true }));

const retention = (maximumBytes: number) =>
  new MediaRetention({
    store,
    clock,
    retentionMs: 3 * DAY_MS,
    maximumBytes,
    forget: async (generationIds) => void forgotten.push(...generationIds),
    forgetKept: async (keys) => void forgottenKept.push(...keys),
  });

async function put(key: string, bytes = 10): Promise<void> {
  const body = (async function* () {
    yield Buffer.alloc(bytes);
  })();
  await store.put({ key, mediaType: 'video/mp4', body, maximumBytes: 1_000 });
}

async function kept(): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list('')) keys.push(key);
  return keys;
}

it('drops by age what clients sent, and no results', async () => {
  await put('uploads/old');
  await put('inputs/old');
  await put(`results/${ids[0]}.mp4`);
  await clock.advance(3 * DAY_MS + 1);
  await put('uploads/new');
  expect(await retention(1_000).sweep()).toBe(2);
  expect(await kept()).toEqual([`results/${ids[0]}.mp4`, 'uploads/new']);
  expect(forgotten).toEqual([]);
});

it('drops the oldest first until the rest fits, a film with its thumbnail, and says whose they were', async () => {
  for (const id of ids) {
    await put(`results/${id}/film.mp4`);
    await put(`results/${id}/thumbnail.png`, 1);
    await clock.advance(1_000);
  }
  await clock.advance(2 * HOUR_MS);
  expect(await retention(25).sweep()).toBe(2);
  expect(forgotten).toEqual([ids[0]]);
  expect(await kept()).toEqual(
    [1, 2].flatMap((n) => [`results/${ids[n]}/film.mp4`, `results/${ids[n]}/thumbnail.png`]),
  );
});

it('keeps what is young, however full it is', async () => {
  await put(`results/${ids[0]}.mp4`);
  await put('uploads/of-a-running-one');
  await clock.advance(HOUR_MS / 2);
  expect(await retention(1).sweep()).toBe(0);
  await clock.advance(HOUR_MS);
  expect(await retention(1).sweep()).toBe(1);
  expect(await kept()).toEqual(['uploads/of-a-running-one']);
});

it('removes what a killed process had begun to write', async () => {
  const interrupted = store.put({
    key: 'uploads/x',
    mediaType: 'video/mp4',
    maximumBytes: 100,
    body: (async function* () {
      yield Buffer.alloc(10);
      await retentionOf(Date.now() + 2 * HOUR_MS).sweep();
    })(),
  });
  await expect(interrupted).rejects.toThrow();
  expect(await readdir(join(root, 'temporary'))).toEqual([]);
});

/** Files' own times are the machine's. */
function retentionOf(nowMs: number): MediaRetention {
  const later = { ...clock, now: () => nowMs };
  return new MediaRetention({
    store,
    clock: later,
    retentionMs: 1,
    maximumBytes: 1_000,
    forget: async () => undefined,
  });
}

it('leaves what clients keep to its own end, and says which it dropped for their size', async () => {
  await put('files/first');
  await clock.advance(4 * DAY_MS);
  await put('files/second');
  expect(await retention(1_000).sweep()).toBe(0);
  expect(await retention(10).sweep()).toBe(1);
  expect(forgottenKept).toEqual(['files/first']);
  expect(await kept()).toEqual(['files/second']);
});
