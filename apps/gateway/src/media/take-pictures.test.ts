import { systemClock } from '@sluice/contracts/clock';
import type { MediaStore } from '@sluice/contracts/media-store';
import { MediaIntake } from '@sluice/domain-assets/media-intake';
import { createFileSystemMediaStore } from '@sluice/platform-media/file-system-media-store';
import { createUrlSigner } from '@sluice/platform-media/url-signer';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OwnedFiles } from '../files/owned-files.js';
import { MediaLinks } from './media-links.js';
import { takePictures } from './take-pictures.js';

const FILE_ID = `file-${'0'.repeat(32)}`;
const KEY = 'files/a.png';
const signer = createUrlSigner(Buffer.from('key'));
const links = new MediaLinks({ signer, clock: systemClock, lifeMs: 60_000, publicUrl: undefined });

let root: string;
let store: MediaStore;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-pictures-'));
  store = createFileSystemMediaStore({ root });
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function keep(content: Buffer): Promise<void> {
  const body = (async function* () {
    yield content;
  })();
  await store.put({ key: KEY, mediaType: 'image/png', body, maximumBytes: 1_000 });
}

function png(): Buffer {
  const bytes = Buffer.alloc(64);
  Buffer.from('89504e470d0a1a0a0000000d494844520000000200000002', 'hex').copy(bytes);
  return bytes;
}

function take(from: { type: 'file'; fileId: string } | { type: 'url'; url: string }, ownerKeyId = 'owner') {
  const fetchPublic = () => Promise.reject(new Error('nothing is fetched here'));
  const intake = new MediaIntake({ store, fetchPublic, clock: systemClock, maximumBytes: 1_000 });
  const kept = { purpose: 'vision', filename: 'a.png', createdAtMs: 0 } as const;
  const media = { key: KEY, mediaType: 'image/png', bytes: 64 };
  const find = async (id: string, asking: string) =>
    id === FILE_ID && asking === 'owner' ? { id, ownerKeyId: asking, media, ...kept } : undefined;
  const files = new OwnedFiles({ files: { find }, store, links });
  const signal = new AbortController().signal;
  return takePictures([{ field: 'image', from }], { intake, files, ownerKeyId, signal });
}

function linkTo(key: string): string {
  const { expires, signature } = signer.sign(key, Date.now() + 60_000);
  return `http://127.0.0.1:1/media/${key}?expires=${expires}&signature=${signature}`;
}

describe('a picture that is kept here', () => {
  it.each([
    ['its id', { type: 'file', fileId: FILE_ID } as const],
    ['our link to it', { type: 'url', url: linkTo(KEY) } as const],
  ])('is copied by %s', async (_name, from) => {
    await keep(png());
    const { pictures, copies } = await take(from);
    expect(pictures).toMatchObject([{ media: { mediaType: 'image/png', bytes: 64 } }]);
    expect(pictures[0]?.media.key).not.toBe(KEY);
    expect(copies).toEqual([pictures[0]?.media]);
  });

  it('is a picture by its bytes', async () => {
    await keep(Buffer.from('%PDF-1.4'));
    await expect(take({ type: 'file', fileId: FILE_ID })).rejects.toMatchObject({ data: { param: 'image' } });
  });

  it('is not there for another, nor by a link that was altered', async () => {
    await keep(png());
    const refused = { code: 'not_found', data: { param: 'image' } };
    await expect(take({ type: 'file', fileId: FILE_ID }, 'another')).rejects.toMatchObject(refused);
    const url = linkTo('files/b.png').replace('b.png', 'a.png');
    await expect(take({ type: 'url', url })).rejects.toThrow('nothing is fetched here');
  });
});
