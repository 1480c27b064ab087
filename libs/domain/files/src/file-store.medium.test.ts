import type { MediaStore } from '@sluice/contracts/media-store';
import type { StoredMedia } from '@sluice/contracts/stored-media';
import { createFileSystemMediaStore } from '@sluice/platform-media/file-system-media-store';
import { createPostgres, type Postgres } from '@sluice/platform-postgres/create-postgres';
import { createFakeClock, type FakeClock } from '@sluice/testing/fake-clock';
import { createTestDatabase, type TestDatabase } from '@sluice/testing/create-test-database';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FileStore } from './file-store.js';
import { sweepFiles } from './file-sweep.js';

const HOUR_MS = 60 * 60_000;
let database: TestDatabase;
let postgres: Postgres;
let root: string;
let media: MediaStore;
let clock: FakeClock;
let files: FileStore;
let count = 0;

beforeAll(async () => {
  database = await createTestDatabase();
  postgres = createPostgres({ url: database.url, applicationName: 'test' });
});
afterAll(async () => {
  await postgres.close();
  await database.drop();
});
beforeEach(async () => {
  await postgres.query({ text: 'TRUNCATE client_file' });
  root = await mkdtemp(join(tmpdir(), 'sluice-files-'));
  clock = createFakeClock();
  media = createFileSystemMediaStore({ root, clock });
  files = new FileStore({ postgres, media, clock, maximumBytes: 100 });
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function stored(bytes = 10): Promise<StoredMedia> {
  const body = (async function* () {
    yield Buffer.alloc(bytes);
  })();
  const key = `files/${(count += 1)}`;
  const info = await media.put({ key, mediaType: 'text/plain', body, maximumBytes: 1_000 });
  return { key, mediaType: 'text/plain', bytes: info.bytes };
}

const add = async (options: { owner?: string; filename?: string; expiresAfterMs?: number; bytes?: number } = {}) => {
  const { owner = 'owner', filename = 'a.txt', expiresAfterMs, bytes } = options;
  await clock.advance(1);
  return files.insert({
    ownerKeyId: owner,
    purpose: 'user_data',
    media: await stored(bytes),
    filename,
    expiresAfterMs,
  });
};

const page = { ownerKeyId: 'owner', order: 'newest', limit: 2 } as const;
const idsOf = async (asked: object = {}) => (await files.list({ ...page, ...asked }))?.map(({ id }) => id);

describe('files that clients keep', () => {
  it('are their owner’s alone, under whatever name', async () => {
    const file = await add({ filename: 'größe 日本\0\ud800.txt' });
    expect(await files.find(file.id, 'owner')).toEqual({ ...file, media: { ...file.media, filename: file.filename } });
    expect(file.filename).toContain('größe 日本');
    expect(await files.find(file.id, 'another')).toBeUndefined();
    expect(await files.remove(file.id, 'another')).toBe(false);
    expect(await media.head(file.media.key)).toBeDefined();
    expect(await files.remove(file.id, 'owner')).toBe(true);
    expect(await media.head(file.media.key)).toBeUndefined();
    expect(await files.remove(file.id, 'owner')).toBe(false);
  });

  it('are listed page by page, either way, one more than was asked for', async () => {
    const made = [await add(), await add(), await add(), await add({ owner: 'another' })];
    const [first, second, third] = made.map(({ id }) => id);
    expect(await idsOf()).toEqual([third, second, first]);
    expect(await idsOf({ after: second })).toEqual([first]);
    expect(await idsOf({ order: 'oldest', after: first })).toEqual([second, third]);
    expect(await idsOf({ purpose: 'batch' })).toEqual([]);
    expect(await files.list({ ...page, after: 'file-x' })).toBeUndefined();
  });

  it('take no more than an owner may have', async () => {
    await add({ bytes: 90 });
    await expect(add({ bytes: 11 })).rejects.toMatchObject({ code: 'quota_exhausted' });
    await add({ bytes: 11, owner: 'another' });
    await add({ bytes: 10 });
  });
});

describe('the sweep', () => {
  it('drops what has expired, which nobody saw since', async () => {
    const kept = await add();
    const { id, media: dropped } = await add({ expiresAfterMs: HOUR_MS });
    expect(await sweepFiles({ postgres, media, clock })).toBe(0);
    await clock.advance(HOUR_MS);
    expect(await files.find(id, 'owner')).toBeUndefined();
    expect(await idsOf()).toEqual([kept.id]);
    expect(await sweepFiles({ postgres, media, clock })).toBe(1);
    expect(await media.head(dropped.key)).toBeUndefined();
    expect(await media.head(kept.media.key)).toBeDefined();
  });

  it('drops after a day what a call that broke off left without a row', async () => {
    const [{ key }, { media: claimed }] = [await stored(), await add()];
    expect(await sweepFiles({ postgres, media, clock })).toBe(0);
    await clock.advance(25 * HOUR_MS);
    expect(await sweepFiles({ postgres, media, clock })).toBe(1);
    expect(await media.head(key)).toBeUndefined();
    expect(await media.head(claimed.key)).toBeDefined();
  });
});
