import { GatewayError } from '@sluice/contracts/gateway-error';
import type { MediaStore } from '@sluice/contracts/media-store';
import { createFileSystemMediaStore } from '@sluice/platform-media/file-system-media-store';
import type { FetchPublic } from '@sluice/platform-http/fetch-public';
import { createFakeClock } from '@sluice/testing/fake-clock';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MediaIntake } from './media-intake.js';

let root: string;
let store: MediaStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-intake-'));
  store = createFileSystemMediaStore({ root });
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function leftovers(): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

function png(width = 2, height = 2): Buffer {
  const bytes = Buffer.alloc(64);
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes);
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

async function* pieces(bytes: Buffer, size = 7): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

/** A web where every URL answers with these bytes. */
const answering =
  (body: AsyncIterable<Uint8Array>): FetchPublic =>
  async () => ({ status: 200, headers: { 'content-type': 'text/plain' }, body, text: async () => '', discard() {} });

const intake = (fetchPublic: FetchPublic = answering(pieces(png()))) =>
  new MediaIntake({ store, fetchPublic, clock: createFakeClock(), maximumBytes: 1_000 });

const takeUrl = (url: string, fetchPublic?: FetchPublic) =>
  intake(fetchPublic).takeUrl({ url, field: 'image', accept: 'image', signal: new AbortController().signal });

const dataOf = (bytes: Buffer, type = 'image/png') => `data:${type};base64,${bytes.toString('base64')}`;

describe('what is taken in', () => {
  it.each([
    ['a URL, whatever its server calls it', 'https://example.com/a'],
    ['a data URL', dataOf(png())],
    ['a data URL that names no type', dataOf(png(), '')],
  ])('by %s is one file of ours', async (_name, url) => {
    const { media, sha256 } = await takeUrl(url);
    expect(media).toEqual({ key: expect.stringMatching(/^uploads\/\w+\.png$/), mediaType: 'image/png', bytes: 64 });
    expect(await store.head(media.key)).toMatchObject({ sha256, bytes: 64 });
    await intake().discard([media]);
    expect(await leftovers()).toEqual([]);
  });
});

describe('what is refused leaves nothing, and names the field', () => {
  const broken = async function* () {
    yield png();
    throw new GatewayError('upstream_interrupted', 'The connection to example.com was cut.');
  };
  const refusing: FetchPublic = () => Promise.reject(new GatewayError('invalid_request', 'The URL cannot be fetched.'));

  it.each<[string, string, FetchPublic | undefined, string]>([
    ['a URL that cannot be fetched', 'https://example.com/', refusing, 'invalid_request'],
    ['a URL that breaks off', 'https://example.com/', answering(broken()), 'invalid_request'],
    ['a URL of a page', 'https://example.com/', answering(pieces(Buffer.from('<html>'))), 'invalid_request'],
    ['a URL of nothing', 'https://example.com/', answering(pieces(Buffer.alloc(0))), 'invalid_request'],
    [
      'a URL of too much',
      'https://example.com/',
      answering(pieces(Buffer.concat([png(), Buffer.alloc(2_000)]))),
      'too_large',
    ],
    ['a data URL of too much', dataOf(Buffer.concat([png(), Buffer.alloc(2_000)])), undefined, 'too_large'],
    ['a data URL of a bomb', dataOf(png(20_000, 20_000)), undefined, 'invalid_request'],
    ['a data URL of an empty picture', dataOf(png(0, 0)), undefined, 'invalid_request'],
    ['a data URL of another type', dataOf(png(), 'image/gif'), undefined, 'invalid_request'],
    ['a data URL without base64', 'data:image/png,abc', undefined, 'invalid_request'],
    ['a data URL of bad base64', 'data:image/png;base64,a$b', undefined, 'invalid_request'],
    ['a data URL without an end to its header', `data:${'x'.repeat(10_000)}`, undefined, 'invalid_request'],
  ])('%s', async (_name, url, fetchPublic, code) => {
    await expect(takeUrl(url, fetchPublic)).rejects.toMatchObject({ code, data: { param: 'image' } });
    expect(await leftovers()).toEqual([]);
  });
});
