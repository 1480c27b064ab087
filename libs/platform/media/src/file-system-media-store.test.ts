import type { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFileSystemMediaStore } from './file-system-media-store.js';

let root: string;
let store: MediaStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-media-'));
  store = createFileSystemMediaStore({ root });
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('half');
  throw new Error('cut');
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString();
}

const put = (key: string, body: AsyncIterable<Uint8Array>, maximumBytes = 1_000) =>
  store.put({ key, mediaType: 'video/mp4', body, maximumBytes });

describe('an object', () => {
  test('comes back as it was put, with its measure', async () => {
    const info = await put('videos/2026/gen_1.mp4', chunks('hello ', 'world'));
    expect(info).toMatchObject({
      key: 'videos/2026/gen_1.mp4',
      bytes: 11,
      mediaType: 'video/mp4',
      sha256: createHash('sha256').update('hello world').digest('hex'),
    });
    const found = await store.get('videos/2026/gen_1.mp4');
    expect(found?.info).toEqual(info);
    expect(found && (await textOf(found.body))).toBe('hello world');
  });

  test('can be read in part, both ends included', async () => {
    await put('a', chunks('0123456789'));
    const found = await store.get('a', { start: 2, end: 4 });
    expect(found && (await textOf(found.body))).toBe('234');
  });

  test('is replaced by a later one of the same key', async () => {
    await put('a', chunks('first'));
    await put('a', chunks('second'));
    const found = await store.get('a');
    expect(found && (await textOf(found.body))).toBe('second');
  });

  test('that is not there is undefined, and deleting tells whether it was', async () => {
    expect(await store.get('a')).toBeUndefined();
    expect(await store.head('a')).toBeUndefined();
    expect(await store.delete('a')).toBe(false);
    await put('a', chunks('x'));
    expect(await store.delete('a')).toBe(true);
    expect(await store.head('a')).toBeUndefined();
  });

  test('is listed under the beginning of its key', async () => {
    for (const key of ['b/2', 'b/1', 'a/1', 'b1']) await put(key, chunks('x'));
    const keys: string[] = [];
    for await (const { key } of store.list('b/')) keys.push(key);
    expect(keys).toEqual(['b/1', 'b/2']);
  });
});

describe('a failed put', () => {
  test('of too many bytes is refused and leaves nothing', async () => {
    await expect(put('a', chunks('12345', '67890'), 9)).rejects.toMatchObject({
      code: 'too_large',
    } satisfies Partial<GatewayError>);
    expect(await store.head('a')).toBeUndefined();
    expect(await readdir(join(root, 'temporary'))).toEqual([]);
  });

  test('keeps what was there before', async () => {
    await put('a', chunks('whole'));
    await expect(put('a', broken())).rejects.toThrow('cut');
    const found = await store.get('a');
    expect(found && (await textOf(found.body))).toBe('whole');
    expect(await readdir(join(root, 'temporary'))).toEqual([]);
  });
});

test.each([
  '',
  '/etc/passwd',
  '../x',
  'a/../../x',
  'a//b',
  'a/.',
  '.hidden',
  'a\\b',
  'a\0b',
  'a b',
  `${'x/'.repeat(16)}x`,
  'ü',
])('the key %j names no place', async (key) => {
  await expect(put(key, chunks('x'))).rejects.toThrow('Not a media key');
  await expect(store.get(key)).rejects.toThrow('Not a media key');
  await expect(store.delete(key)).rejects.toThrow('Not a media key');
});
